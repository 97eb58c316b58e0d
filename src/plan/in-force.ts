import { canonicalDesired } from '../model/canonical-value.ts';
import type { DesiredValue } from '../model/desired.ts';
import { isAsApplied } from './diff-instance.ts';
import type { Memory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** Whether the memory says that this very value was last applied under the key; of one that is withheld, this very reference. False where nothing can be told. */
export function wasInForce(key: string, value: DesiredValue, memory: Memory, context: PlanContext): boolean {
  if (memory.state !== 'known') return false;
  const pointer = context.pointerOf(key);
  const entry = memory.entries.get(memory.fingerprinter.name(pointer));
  return entry !== undefined && isAsApplied(canonicalDesired(key, value), entry, { pointer, memory });
}
