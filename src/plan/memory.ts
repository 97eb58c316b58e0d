import { fromParkedKey, fromRetiredKey } from '../model/derived-key.ts';
import type { Fingerprinter, HashScope } from '../model/hashing.ts';
import type { AppliedTags, AppliedEntry, AppliedVector, FormerNames, OwnedInstance } from '../model/live.ts';
import type { Pointer } from '../model/position.ts';
import type { PlanContext } from './plan-context.ts';

/** Stands in a vector for a declared value that was neither sent nor seen, so that nothing is claimed about it. */
export const unknownValue = '';

/** Whether what stands on the platform may come from a secret of ours. */
export type Past = 'plain' | 'secret' | 'unknown';

/**
 * What an instance remembers of its last apply.
 * `none`: nothing. `damaged`: its tags cannot be read. `foreign`: written with an HMAC key that nobody has, so the hashes say nothing.
 * `carried`: written for another instance, so that it says nothing about this one.
 */
export type Memory = KnownMemory | CarriedMemory | UnknownMemory;

/** What can be compared. */
export interface KnownMemory {
  readonly state: 'known';
  /** What its hashes are bound to. */
  readonly scope: HashScope;
  /** What its hashes were made with. */
  readonly fingerprinter: Fingerprinter;
  readonly entries: ReadonlyMap<string, AppliedEntry>;
  /** Names under former keys. */
  readonly former: readonly FormerNames[];
}

interface CarriedMemory extends Omit<UnknownMemory, 'state'> {
  readonly state: 'carried';
  /** Whether it was written for the instance with this id. */
  readonly isFor: (id: string) => boolean;
}

interface UnknownMemory {
  readonly state: 'none' | 'damaged' | 'foreign';
  readonly past: Past;
  /** Of `foreign`: names under the key that nobody has, and under those before it. */
  readonly former: readonly FormerNames[];
}

/**
 * Reads the memory of an instance.
 * @param key key of the definition under which it was last applied; undefined when nobody knows it
 */
export function readMemory(live: OwnedInstance, key: string | undefined, context: PlanContext): Memory {
  const { id } = live;
  const applied = context.appliedOf(live);
  const past = pastWithoutHashes(live, applied);
  if (applied === 'damaged') return { state: 'damaged', past, former: [] };
  if (applied === undefined || key === undefined) return { state: 'none', past, former: [] };
  const { check, instance, entries, former = [] } = applied;
  const fingerprinter = context.fingerprinters.get(check);
  if (fingerprinter === undefined) return { state: 'foreign', past, former: withFormer({ check, entries, former }) };
  // Before there is an instance its id is not known; a write right behind the create binds the vector to it.
  if (instance === undefined) return { state: 'known', scope: { key, id: '' }, fingerprinter, entries, former };
  const isFor = (one: string): boolean => instance === fingerprinter.instance(one);
  if (!isFor(id)) return { state: 'carried', past, former: [], isFor };
  return { state: 'known', scope: { key, id }, fingerprinter, entries, former };
}

/** So many keys back the names of fields are kept. */
const mostFormer = 3;

/** Whether a value of ours was sent or seen there. What was only assumed is left as it is when it is declared no more. */
export function wasApplied({ value, assumed }: AppliedEntry): boolean {
  return value !== unknownValue && assumed !== true;
}

/** The fields that a value was remembered for, to be named when somebody has the key. */
function withFormer({ check, entries, former = [] }: AppliedVector): readonly FormerNames[] {
  const names = [...entries].filter(([, entry]) => wasApplied(entry)).map(([name]) => name);
  const others = former.filter((one) => one.check !== check);
  return names.length === 0 ? others : [{ check, names }, ...others].slice(0, mostFormer);
}

/** Whether the memory has to be written anew although every value may be as it was. */
export function isToRemember(memory: Memory, { fingerprinter, fingerprinters }: PlanContext): boolean {
  // An apply that was killed right after a create left it bound to no instance.
  if (memory.state !== 'known' || memory.scope.id === '') return true;
  return (
    memory.fingerprinter.check !== fingerprinter.check || memory.former.some(({ check }) => fingerprinters.has(check))
  );
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
export function readPast(memory: Memory, pointer: Pointer): Past {
  if (memory.state !== 'known') return memory.past;
  const { entries, fingerprinter } = memory;
  const isSecret = (one: Pointer): boolean => entries.get(fingerprinter.name(one))?.secret === true;
  return isSecret(pointer) || isSecret(leftPointerOf(pointer)) ? 'secret' : 'plain';
}

/** Where the memory says that a field may hold a secret although it is not compared: it was set back, or sent once and is ignored. */
export function leftPointerOf(pointer: Pointer): Pointer {
  return `/left${pointer}`;
}

/** Without hashes that fit, nobody can tell which value was a secret, unless none was or nothing was ever applied. */
function pastWithoutHashes({ owner }: OwnedInstance, applied: AppliedTags): Past {
  if (applied === 'damaged') return 'unknown';
  if (applied === undefined) return owner === undefined ? 'plain' : 'unknown';
  return [...applied.entries.values()].some((entry) => entry.secret === true) ? 'unknown' : 'plain';
}

/** The field that says `protect: true`. It stands in the memory only, so that it outlives its definition. */
export const protectPointer: Pointer = '/protect';

/** Whether the last apply protected the instance; undefined when nobody can tell. */
export function readProtection(memory: Memory): boolean | undefined {
  if (memory.state !== 'known') return undefined;
  const { fingerprinter, entries, scope } = memory;
  const entry = entries.get(fingerprinter.name(protectPointer));
  if (entry === undefined) return false;
  // A hash that does not fit was made for another key: a person edited the key tag.
  return entry.value === fingerprinter.value(scope, protectPointer, 'true') ? true : undefined;
}

/** Why an instance of ours is never deleted, whatever was asked for; undefined when it may be. */
export function findProtection(
  live: OwnedInstance,
  context: PlanContext,
): 'protected' | 'protection-unknown' | undefined {
  const key = live.owner?.key ?? '';
  // Only what is not protected is replaced, and it gives its memory away with its key: where one is there, a person wrote the mark.
  if (fromRetiredKey(key) !== undefined && context.appliedOf(live) === undefined) return undefined;
  const isProtected = readProtection(readOwnMemory(live, context));
  if (isProtected === false) return undefined;
  return isProtected === true ? 'protected' : 'protection-unknown';
}

/** Of several instances with one key, the ids of those that may stay alone: none of the others is protected. */
export function listMayStay(holders: readonly OwnedInstance[], context: PlanContext): readonly string[] {
  const kept = holders.filter((one) => findProtection(one, context) !== undefined);
  return holders.filter((one) => kept.every((other) => other === one)).map(({ id }) => id);
}
