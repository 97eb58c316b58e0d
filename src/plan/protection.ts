import type { Pointer } from '../model/position.ts';
import type { Memory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** The field that says `protect: true`. It stands in the memory only, so that it outlives its definition. */
export const protectPointer: Pointer = '/protect';

/** Whether the last apply protected the instance; undefined when nobody can tell. */
export function readProtection(memory: Memory, { fingerprinter }: PlanContext): boolean | undefined {
  if (memory.state !== 'known') return undefined;
  const entry = memory.entries.get(fingerprinter.name(protectPointer));
  if (entry === undefined) return false;
  // A hash that does not fit was made for another key: a person edited the key tag.
  return entry.value === fingerprinter.value(memory.scope, protectPointer, 'true') ? true : undefined;
}
