import { canonicalDesired } from '../model/canonical-value.ts';
import type { DesiredValue } from '../model/desired.ts';
import type { Memory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** Whether the memory says that this very value was last applied under the key. False where nothing can be told. */
export function wasInForce(key: string, value: DesiredValue, memory: Memory, context: PlanContext): boolean {
  if (memory.state !== 'known') return false;
  const { entries, fingerprinter, scope } = memory;
  const pointer = context.pointerOf(key);
  const entry = entries.get(fingerprinter.name(pointer));
  if (entry === undefined) return false;
  return entry.value === fingerprinter.value(scope, pointer, canonicalDesired(key, value));
}
