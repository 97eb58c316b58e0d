import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import { isContested, listClaimedKeys } from './claims.ts';
import { stripHtml } from '../model/strip-html.ts';

/** Everything live, filed by what matching asks for. */
export interface LiveIndex {
  readonly byId: ReadonlyMap<string, OwnedInstance>;
  /** This workspace's instances by key tag. */
  readonly byKey: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** This workspace's instances without a key tag: a person took it away. */
  readonly keyless: readonly OwnedInstance[];
  /** This workspace's instances whose definition is gone. */
  readonly vanished: readonly OwnedInstance[];
  /** All instances by connector and name. */
  readonly byName: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** Instances whose tags contradict each other, by each key of this workspace that they name. */
  readonly byClaim: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** Instances whose tags contradict each other and name this workspace. */
  readonly contested: readonly OwnedInstance[];
}

/** Files the live instances. Ownership is read here once more, whatever filter the list was asked with. */
export function indexLive(
  live: readonly OwnedInstance[],
  desired: readonly DesiredInstance[],
  workspace: string,
): LiveIndex {
  const sorted = live.toSorted(compareIds);
  const ours = sorted.filter((one) => one.owner?.workspace === workspace);
  const contested = sorted.filter(isContested);
  const claims = contested.flatMap((one) => listClaimedKeys(one, workspace).map((key) => ({ key, one })));
  const defined = new Set(desired.map((one) => one.key));
  return {
    byId: new Map(live.map((one) => [one.id, one])),
    byKey: groupBy(ours, (one) => one.owner?.key),
    keyless: ours.filter((one) => one.owner?.key === undefined),
    vanished: ours.filter((one) => one.owner?.key !== undefined && !defined.has(one.owner.key)),
    byName: groupBy(sorted, nameKey),
    byClaim: new Map([...groupBy(claims, ({ key }) => key)].map(([key, group]) => [key, group.map(({ one }) => one)])),
    contested: contested.filter(({ claims: named = [] }) => named.some((one) => one.workspace === workspace)),
  };
}

/** Equal for two that a person would take for the same: connector, whatever its case (platform-api §8), and shown name. */
export function nameKey({ connector, name }: { readonly connector: string; readonly name: string }): string {
  return JSON.stringify([connector.toLowerCase(), stripHtml(name)]);
}

/** Sorts by id as numbers would be, without computing with them. */
export function compareIds(a: { readonly id: string }, b: { readonly id: string }): number {
  if (a.id.length !== b.id.length) return a.id.length - b.id.length;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** Groups by a text; those without one are left out. */
export function groupBy<T>(
  all: readonly T[],
  toGroup: (one: T) => string | undefined,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = toGroup(one);
    if (group === undefined) continue;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [one]);
    else members.push(one);
  }
  return groups;
}
