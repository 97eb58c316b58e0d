import type { OwnedInstance } from '../model/live.ts';
import { toPointer } from '../model/pointer.ts';
import { readPast, toMemory } from '../plan/memory.ts';
import type { PlanContext } from '../plan/plan-context.ts';

/**
 * Tells which values of a live instance must never stand in a file: those under a secret-looking key, those that the last apply
 * made from a secret, and all of them where nobody can read what that was.
 */
export function hiddenKeys(live: OwnedInstance, context: PlanContext): (key: string) => boolean {
  const memory = toMemory(live, live.owner?.key, context);
  return (key) => context.isSecretKey(key) || readPast(memory, toPointer('configuration', key), context) !== 'plain';
}
