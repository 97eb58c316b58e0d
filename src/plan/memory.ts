import { fromParkedKey, fromRetiredKey } from '../model/derived-key.ts';
import type { AppliedEntry, OwnedInstance } from '../model/live.ts';
import type { Pointer } from '../model/position.ts';
import type { PlanContext } from './plan-context.ts';

/** Stands in a vector for a declared value that was neither sent nor seen, so that nothing is claimed about it. */
export const unknownValue = '';

/** Whether what stands on the platform may come from a secret of ours. */
export type Past = 'plain' | 'secret' | 'unknown';

/**
 * What an instance remembers of its last apply.
 * `none`: nothing. `damaged`: its tags cannot be read. `foreign`: written with another HMAC key, so the hashes say nothing.
 */
export type Memory =
  | { readonly state: 'known'; readonly scope: string; readonly entries: ReadonlyMap<string, AppliedEntry> }
  | { readonly state: 'none' | 'damaged' | 'foreign'; readonly past: Past };

/**
 * Reads the memory of an instance.
 * @param scope key of the definition under which it was last applied; undefined when nobody knows it
 */
export function readMemory(live: OwnedInstance, scope: string | undefined, context: PlanContext): Memory {
  const past = pastWithoutHashes(live);
  if (live.appliedDamaged === true) return { state: 'damaged', past };
  if (live.applied === undefined || scope === undefined) return { state: 'none', past };
  if (live.applied.check !== context.fingerprinter.check) return { state: 'foreign', past };
  return { state: 'known', scope, entries: live.applied.entries };
}

/** Reads what an instance remembers under the key that it carries, or carried before keys went round. */
export function readOwnMemory(live: OwnedInstance, context: PlanContext): Memory {
  return readMemory(live, appliedKeyOf(live), context);
}

/** Hashes are bound to the key of the definition. What an instance without a key tag, or one left over from a replace, remembers is not its own. */
export function appliedKeyOf({ owner }: Pick<OwnedInstance, 'owner'>): string | undefined {
  const key = owner?.key;
  return key === undefined || fromRetiredKey(key) !== undefined ? undefined : (fromParkedKey(key) ?? key);
}

/** Whether the live value of a field may come from a secret of ours. */
export function readPast(memory: Memory, pointer: Pointer, { fingerprinter }: PlanContext): Past {
  if (memory.state !== 'known') return memory.past;
  const entries = [pointer, leftPointerOf(pointer)].map((one) => memory.entries.get(fingerprinter.name(one)));
  return entries.some((entry) => entry?.secret === true) ? 'secret' : 'plain';
}

/** Where the memory says that a field may hold a secret although it is not compared: it was set back, or sent once and is ignored. */
export function leftPointerOf(pointer: Pointer): Pointer {
  return `/left${pointer}`;
}

/** Without hashes that fit, nobody can tell which value was a secret, unless none was or nothing was ever applied. */
function pastWithoutHashes({ applied, appliedDamaged, owner }: OwnedInstance): Past {
  if (appliedDamaged === true) return 'unknown';
  if (applied === undefined) return owner === undefined ? 'plain' : 'unknown';
  return [...applied.entries.values()].some((entry) => entry.secret === true) ? 'unknown' : 'plain';
}

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

/** Why an instance of ours is never deleted, whatever was asked for; undefined when it may be. */
export function findProtection(
  live: OwnedInstance,
  context: PlanContext,
): 'protected' | 'protection-unknown' | undefined {
  const key = live.owner?.key ?? '';
  // Only what is not protected is replaced, and it gives its memory away with its key.
  if (fromRetiredKey(key) !== undefined) return undefined;
  const isProtected = readProtection(readOwnMemory(live, context), context);
  if (isProtected === false) return undefined;
  return isProtected === true ? 'protected' : 'protection-unknown';
}

/** Of several instances with one key, the ids of those that may stay alone: none of the others is protected. */
export function listMayStay(holders: readonly OwnedInstance[], context: PlanContext): readonly string[] {
  const kept = holders.filter((one) => findProtection(one, context) !== undefined);
  return holders.filter((one) => kept.every((other) => other === one)).map(({ id }) => id);
}
