import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import { diffField } from './diff-field.ts';
import type { Verdict } from './diff-field.ts';
import { findRemoved } from './find-removed.ts';
import type { Removal } from './find-removed.ts';
import { listFields } from './list-fields.ts';
import type { Field } from './list-fields.ts';
import { readPast, toMemory } from './memory.ts';
import type { Memory, Past } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { readProtection } from './protection.ts';

/** One declared field and how it stands. */
export interface ComparedField {
  readonly field: Field;
  readonly verdict: Verdict;
  /** Whether the live value may come from a secret of ours, whatever the definition says now. */
  readonly past: Past;
  /** True: nothing can tell whether it differs, and it is sent once more because a person asked for that. */
  readonly resent?: true;
}

/** All that a comparison of one definition with its live instance found. */
export interface Comparison {
  readonly desired: DesiredInstance;
  readonly live: OwnedInstance;
  readonly memory: Memory;
  readonly compared: readonly ComparedField[];
  readonly removal: Removal;
}

export interface DiffOptions {
  /** Key under which the instance was last applied; undefined when nobody knows it. */
  readonly scope: string | undefined;
  /** Send what the platform does not show. */
  readonly resend: boolean;
  readonly context: PlanContext;
}

/** Compares field by field. Computes a hash only where the plain values do not settle it. */
export function diffInstance(desired: DesiredInstance, live: OwnedInstance, options: DiffOptions): Comparison {
  const { scope, resend, context } = options;
  const memory = toMemory(live, scope, context);
  const observed = { ...live, isProtected: readProtection(memory, context) };
  const compared = listFields(desired, observed, context).map((field): ComparedField => {
    const verdict = diffField(field, memory, context);
    const past = field.key === undefined ? 'plain' : readPast(memory, field.pointer, context);
    return resend && isUnseen(field, verdict)
      ? { field, verdict: 'definition', past, resent: true }
      : { field, verdict, past };
  });
  return { desired, live, memory, compared, removal: findRemoved(desired, live, memory, context) };
}

/** Whether nothing shows what stands there: at most the memory says so, and another apply may have written it under a value of its own. */
function isUnseen({ key, live }: Field, verdict: Verdict): boolean {
  return verdict === 'unknown' || (verdict === 'equal' && live === undefined && key !== undefined);
}

/** Whether the field has to be written. */
export function isDifferent({ verdict }: ComparedField): boolean {
  return verdict !== 'equal' && verdict !== 'echoed' && verdict !== 'unknown';
}
