import { type Canonical, canonicalLive, isComparedAsJson, isSame, isWithheld } from '../model/canonical-value.ts';
import { isStandIn, looksMasked } from '../model/placeholder.ts';
import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Fingerprinter } from '../model/hashing.ts';
import type { AppliedTags, AppliedEntry, FormerNames, OwnedInstance } from '../model/live.ts';
import type { Cause } from '../model/plan.ts';
import { isPlatformKey } from '../model/platform-keys.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { type Field, isHidden, isKnownSecret, listFields, spellingsOf } from './list-fields.ts';
import {
  type KnownMemory,
  type Memory,
  type Past,
  protectPointer,
  readPast,
  wasApplied,
  readProtection,
  readMemory,
  unknownValue,
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
  const comparison = { desired, live, memory, compared };
  return { ...comparison, removal: findRemoved(comparison, context) };
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

/** A configuration key that was applied once and has left the definition. */
export interface RemovedKey {
  readonly key: string;
  readonly pointer: Pointer;
  readonly live: Canonical | undefined;
  /** The connector's default, to which it is set back; undefined where no catalogue was asked. */
  readonly fallback: string | undefined;
  /** True: neither value may be shown. */
  readonly secret: boolean;
}

interface Removal {
  /** Keys to set back. Those that stand at their default already are not among them. */
  readonly setBack: readonly RemovedKey[];
  /** Keys without a known default: reported and left. */
  readonly left: readonly string[];
  /** How many more there are whose hash fits no known key. */
  readonly unnamed: number;
}

/** The fields of a definition that are no configuration: without them the platform's state is kept, so nothing is set back. */
const headPointers: readonly Pointer[] = ['/name', '/tags', '/enabled', protectPointer];

/**
 * Finds what was applied and is declared no more. The memory holds hashes of names only,
 * so the names are found by hashing the keys that the platform shows and the catalogue knows.
 */
function findRemoved({ desired, live, memory, compared }: Omit<Comparison, 'removal'>, context: PlanContext): Removal {
  if (memory.state !== 'known')
    return { setBack: [], left: [], unnamed: countMissing(context.appliedOf(live), memory, compared) };
  const found = listRemembered(memory, context).map((names) => findLeft(desired, live, names, context));
  if (found.every((one) => one === nothingLeft)) return nothingRemoved;
  const keys = [...new Set(found.flatMap((one) => one.keys))].toSorted(compareText);
  const removed = keys.map((key) => ({ key, fallback: context.entryOf(live.connector, key)?.defaultValue }));
  return {
    setBack: removed.flatMap(({ key, fallback }) => findSetBack(key, fallback, { live, memory, context })),
    left: context.isOffline === true ? [] : removed.filter(({ fallback }) => !isUsable(fallback)).map(({ key }) => key),
    unnamed: found.reduce((sum, one) => sum + one.unnamed, 0),
  };
}

const nothingLeft: { readonly keys: readonly string[]; readonly unnamed: number } = { keys: [], unnamed: 0 };
const nothingRemoved: Removal = { setBack: [], left: [], unnamed: 0 };

/** How many fields more than are declared were remembered under a key that nobody has. At least so many left the definition since. */
function countMissing(applied: AppliedTags, { state }: Memory, compared: readonly ComparedField[]): number {
  if (state !== 'foreign' || applied === undefined || applied === 'damaged') return 0;
  const remembered = [...applied.entries.values()].filter(({ value }) => value !== unknownValue);
  return Math.max(0, remembered.length - compared.length);
}

/** Hashes of names, and what they were made with. */
interface HashedNames {
  readonly names: readonly string[];
  readonly fingerprinter: Fingerprinter;
}

/** What was remembered, now and under former keys that can be read again. */
function listRemembered({ entries, fingerprinter, former }: KnownMemory, context: PlanContext): readonly HashedNames[] {
  const names: string[] = [];
  for (const [name, entry] of entries) if (wasApplied(entry)) names.push(name);
  return [{ names, fingerprinter }, ...former.flatMap((one) => readFormer(one, context) ?? [])];
}

function readFormer({ check, names }: FormerNames, { fingerprinters }: PlanContext): HashedNames | undefined {
  const fingerprinter = fingerprinters.get(check);
  return fingerprinter === undefined ? undefined : { names, fingerprinter };
}

/** Which of the names the definition does not hold any more. */
function findLeft(
  desired: DesiredInstance,
  live: OwnedInstance,
  { names, fingerprinter }: HashedNames,
  context: PlanContext,
): { readonly keys: readonly string[]; readonly unnamed: number } {
  // An ignored key is not removed: it is left alone on purpose.
  const held = new Set<string>();
  for (const pointer of headPointers) held.add(fingerprinter.name(pointer));
  for (const key of desired.configuration.keys()) held.add(fingerprinter.name(context.pointerOf(key)));
  for (const key of desired.ignore) held.add(fingerprinter.name(context.pointerOf(key)));
  const left = names.filter((name) => !held.has(name));
  if (left.length === 0) return nothingLeft;
  const known = new Map(
    listKnownKeys(live, context).map((key) => [fingerprinter.name(context.pointerOf(key)), key] as const),
  );
  const keys = left.flatMap((name) => known.get(name) ?? []);
  return { keys, unnamed: left.length - keys.length };
}

/** Keys that the platform shows, or the catalogue knows. */
export function listKnownKeys(live: OwnedInstance, context: PlanContext): readonly string[] {
  const catalogue = context.connectorOf(live.connector)?.entries ?? [];
  return [...live.configuration.keys(), ...catalogue.map((entry) => entry.key)];
}

/** A mask or example text in the catalogue is no default: it must never be sent. */
function isUsable(fallback: string | undefined): fallback is string {
  return fallback !== undefined && !looksMasked(fallback) && !isStandIn(fallback);
}

/**
 * What a plan without the platform can say of the default: what was pulled, or is built in. It is told and never sent, and as the platform may have
 * another one, it settles nothing: where it is what stands there already, nothing is known.
 */
function presumedDefault(
  connector: string,
  key: string,
  live: Canonical | undefined,
  context: PlanContext,
): string | undefined {
  if (context.isOffline !== true) return undefined;
  const presumed = context.factOf(connector, key)?.defaultValue;
  if (!isUsable(presumed)) return undefined;
  const canonical = canonicalLive(key, presumed, isComparedAsJson(key, presumed));
  return canonical !== undefined && live !== undefined && isSame(canonical, live) ? undefined : presumed;
}

/** The key with its default, unless that stands there already, or is not known. */
function findSetBack(
  key: string,
  fallback: string | undefined,
  {
    live,
    memory,
    context,
  }: { readonly live: OwnedInstance; readonly memory: KnownMemory; readonly context: PlanContext },
): readonly RemovedKey[] {
  if (!isUsable(fallback) && context.isOffline !== true) return [];
  const found = live.configuration.get(key);
  if (isPlatformKey(live.connector, key, context.factOf(live.connector, key))) return [];
  const asJson = isComparedAsJson(key, fallback ?? null);
  const canonical = canonicalLive(key, found, asJson);
  const wanted = canonicalLive(key, fallback, asJson);
  if (canonical !== undefined && wanted !== undefined && isSame(canonical, wanted)) return [];

  const pointer = context.pointerOf(key);
  // Whether a value came from a secret is not kept for former keys.
  const isRemembered = memory.entries.has(memory.fingerprinter.name(pointer));
  const wasSecret = !isRemembered || readPast(memory, pointer) !== 'plain';
  const secret = wasSecret || isKnownSecret(key, live.connector, context) || isHidden(found);
  return [
    {
      key,
      pointer,
      live: canonical,
      fallback: fallback ?? presumedDefault(live.connector, key, canonical, context),
      secret,
    },
  ];
}
