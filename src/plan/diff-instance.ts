import { type Canonical, isSame, isWithheld } from '../model/canonical-value.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { AppliedEntry, OwnedInstance } from '../model/live.ts';
import type { Cause } from '../model/plan.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { findRemoved, type Removal } from './find-removed.ts';
import { type Field, listFields, spellingsOf } from './list-fields.ts';
import {
  type KnownMemory,
  type Memory,
  type Past,
  protectPointer,
  readPast,
  readProtection,
  readMemory,
} from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** One declared field and how it stands. */
export interface ComparedField {
  readonly field: Field;
  readonly verdict: Verdict;
  /** Whether the live value may come from a secret of ours, whatever the definition says now. */
  readonly past: Past;
  /** True: nothing can tell whether it differs, and it is sent once more because a person asked for that. */
  readonly isResent: boolean;
}

/** All that a comparison of one definition with its live instance found. */
export interface Comparison {
  readonly desired: DesiredInstance;
  readonly live: OwnedInstance;
  readonly memory: Memory;
  readonly compared: readonly ComparedField[];
  readonly removal: Removal;
}

interface DiffOptions {
  /** Key under which the instance was last applied; undefined when nobody knows it. */
  readonly appliedKey: string | undefined;
  readonly resend: Resend;
  readonly context: PlanContext;
}

/**
 * What is sent again of what the platform does not show.
 * `assumed`: what nobody ever saw or sent. `hidden`: that, and what the memory says of it too.
 */
export type Resend = 'nothing' | 'assumed' | 'hidden';

/** Compares field by field. Computes a hash only where the plain values do not settle it. */
export function diffInstance(desired: DesiredInstance, live: OwnedInstance, options: DiffOptions): Comparison {
  const { appliedKey, resend, context } = options;
  const memory = readMemory(live, appliedKey, context);
  const observed = { ...live, isProtected: readProtection(memory) };
  const compared = listFields(desired, observed, context).map((field): ComparedField => {
    const verdict = diffField(field, memory, context);
    const past = field.key === undefined ? 'plain' : readPast(memory, field.pointer);
    const isResent = isToResend(field, verdict, resend);
    return { field, verdict: isResent ? 'definition' : verdict, past, isResent };
  });
  const removal = findRemoved({ desired, live, memory, declared: compared.length }, context);
  return { desired, live, memory, compared, removal };
}

/** Whether nothing shows what stands there: at most the memory says so, and another apply may have written it under a value of its own. */
function isToResend({ key, live, sentOnce }: Field, verdict: Verdict, resend: Resend): boolean {
  // It would take the place of what the provider made of it since.
  if (resend === 'nothing' || sentOnce === true) return false;
  if (verdict === 'unknown' || verdict === 'assumed') return true;
  return resend === 'hidden' && verdict === 'equal' && live === undefined && key !== undefined;
}

/** Whether the field has to be written. */
export function isDifferent({ verdict }: ComparedField): boolean {
  return !isSettled(verdict);
}

/**
 * How one field stands.
 * `echoed`: the platform shows what it made of our value, which is as good as equal. `unknown`: nothing can tell.
 * `assumed`: nothing could tell when it was remembered, and the definition says the same as then.
 */
export type Verdict = Settled | Exclude<Cause, 'removed'>;

type Settled = 'equal' | 'echoed' | 'unknown' | 'assumed';

const settled: ReadonlySet<string> = new Set<Settled>(['equal', 'echoed', 'unknown', 'assumed']);

/** Whether nothing has to be written. */
export function isSettled(verdict: Verdict): verdict is Settled {
  return settled.has(verdict);
}

/**
 * Compares desired, live and last applied (design §3).
 * Without a memory a visible difference counts as `definition`: nobody can say who moved, and the definition is what was reviewed.
 * Hashes are computed only where plain comparison does not settle it.
 */
export function diffField(field: Field, memory: Memory, context: PlanContext): Verdict {
  if (field.live !== undefined && isSame(field.desired, field.live)) return 'equal';
  return compareWithMemory(field.sentOnce === true ? { ...field, live: undefined } : field, memory, context);
}

function compareWithMemory(field: Field, memory: Memory, context: PlanContext): Verdict {
  const { pointer, desired, live } = field;
  // It stands in the memory only, and is written with it whenever that is written.
  if (memory.state !== 'known' && pointer === protectPointer) return 'equal';
  if (memory.state !== 'known') return live === undefined ? 'unknown' : 'definition';

  const { fingerprinter, scope, entries } = memory;
  const entry = entries.get(fingerprinter.name(pointer));
  if (entry === undefined) return 'definition';

  const cause = (): Cause & Verdict => causeOfOurs(field, entry, { memory, context });
  const isKept = isAsApplied(desired, entry, { pointer, memory });
  if (isKept && isShownAsApplied(field, entry, memory)) return 'equal';
  if (live === undefined) return !isKept ? cause() : entry.assumed === true ? 'assumed' : 'equal';
  // What stands there now may have stood there all the time.
  if (entry.assumed === true) return isKept ? 'definition' : cause();

  const found = new Set(spellingsOf(field).map((one) => fingerprinter.value(scope, pointer, one)));
  const isEcho = entry.echo !== undefined && found.has(entry.echo);
  if (isKept) return isEcho ? 'echoed' : 'drift';
  return isEcho || found.has(entry.value) ? cause() : 'conflict';
}

/** Whether what the definition wants is what was last applied. Of a value that is withheld, what the definition says in its place decides. */
export function isAsApplied(
  desired: Canonical,
  { value, reference }: AppliedEntry,
  { pointer, memory: { fingerprinter, scope } }: { readonly pointer: Pointer; readonly memory: KnownMemory },
): boolean {
  if (!isWithheld(desired)) return value === fingerprinter.value(scope, pointer, desired);
  return reference !== undefined && reference === fingerprinter.reference(scope, pointer, desired);
}

/** Whether the platform shows the very value that was last applied, where only the memory can tell. */
function isShownAsApplied(
  { pointer, desired, live }: Field,
  { value }: AppliedEntry,
  { fingerprinter, scope }: KnownMemory,
): boolean {
  return isWithheld(desired) && live !== undefined && value === fingerprinter.value(scope, pointer, live);
}

/**
 * Whether the memory names another reference than the definition, or none, although the value is the same: it is remembered anew, as a plan
 * without the values compares by it.
 */
export function isOtherReference({ desired, pointer }: Field, memory: Memory): boolean {
  if (memory.state !== 'known' || !(desired instanceof Secret)) return false;
  const { entries, fingerprinter, scope } = memory;
  return entries.get(fingerprinter.name(pointer))?.reference !== fingerprinter.reference(scope, pointer, desired);
}

/** Our side moved. A secret is rotated without any edit of the definition: the same reference stands there, for another value. */
function causeOfOurs(
  { key, pointer, desired }: Field,
  { reference }: AppliedEntry,
  { memory: { fingerprinter, scope }, context }: { readonly memory: KnownMemory; readonly context: PlanContext },
): Cause & Verdict {
  if (context.isOffline === true) return 'definition';
  if (!(desired instanceof Secret)) return key !== undefined && context.isSecretKey(key) ? 'secret' : 'definition';
  return reference === fingerprinter.reference(scope, pointer, desired) ? 'secret' : 'definition';
}
