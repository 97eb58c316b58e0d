import type { Cause } from '../model/plan.ts';
import { Secret } from '../model/secret.ts';
import { isSame } from '../model/canonical-value.ts';
import type { Field } from './list-fields.ts';
import { unknownValue } from './memory.ts';
import type { Memory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { protectPointer } from './protection.ts';

/**
 * How one field stands.
 * `echoed`: the platform shows what it made of our value, which is as good as equal. `unknown`: nothing can tell.
 */
export type Verdict = 'equal' | 'echoed' | 'unknown' | Exclude<Cause, 'removed'>;

/**
 * Compares desired, live and last applied (design §3).
 * Without a memory a visible difference counts as `definition`: nobody can say who moved, and the definition is what was reviewed.
 * Hashes are computed only where plain comparison does not settle it.
 */
export function diffField(field: Field, memory: Memory, context: PlanContext): Verdict {
  const { pointer, desired, live } = field;
  if (live !== undefined && isSame(desired, live)) return 'equal';
  // It stands in the memory only, and is written with it whenever that is written.
  if (memory.state !== 'known' && pointer === protectPointer) return 'equal';
  if (memory.state !== 'known') return live === undefined ? 'unknown' : 'definition';

  const { fingerprinter } = context;
  const entry = memory.entries.get(fingerprinter.name(pointer));
  if (entry === undefined) return 'definition';
  if (entry.value === unknownValue) return live === undefined ? 'unknown' : 'definition';

  const isKept = entry.value === fingerprinter.value(memory.scope, pointer, desired);
  if (live === undefined) return isKept ? 'equal' : causeOfOurs(field, context);

  const { spellings = [live] } = field;
  const found = new Set(spellings.map((one) => fingerprinter.value(memory.scope, pointer, one)));
  const isEcho = entry.echo !== undefined && found.has(entry.echo);
  if (isKept) return isEcho ? 'echoed' : 'drift';
  return isEcho || found.has(entry.value) ? causeOfOurs(field, context) : 'conflict';
}

/** Our side moved: a secret is rotated without any edit of the definition, unless nobody looked at secrets. */
function causeOfOurs({ key, desired }: Field, context: PlanContext): Cause & Verdict {
  if (context.isOffline === true) return 'definition';
  return desired instanceof Secret || (key !== undefined && context.isSecretKey(key)) ? 'secret' : 'definition';
}
