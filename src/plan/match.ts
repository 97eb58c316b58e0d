import { stripHtml } from '../model/canonical-value.ts';
import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import type { OwnedInstance } from '../model/live.ts';
import { claimTag } from '../tags/owner-tags.ts';

/** What a definition and a live instance have to do with each other. */
export type Match =
  | {
      readonly kind: 'new';
      readonly desired: DesiredInstance;
      /** Instances of other workspaces with the same connector and name. */
      readonly namesakes: readonly OwnedInstance[];
    }
  | { readonly kind: 'same' | 'adopt' | 'move'; readonly desired: DesiredInstance; readonly live: OwnedInstance }
  | MatchConflict
  | {
      readonly kind: 'orphan';
      readonly live: OwnedInstance;
      /** Why it must not be deleted even with prune. */
      readonly held?: Held;
    }
  /** Of this workspace, and nobody can tell of which definition: without a key tag, or with tags that contradict each other. */
  | { readonly kind: 'keyless' | 'contested'; readonly live: OwnedInstance };

/** Why an orphan is kept whatever was asked for, and the way out. */
export interface Held {
  readonly reason: string;
  readonly hint: string;
}

/** A definition that cannot be matched without a person. */
export interface MatchConflict {
  readonly kind: 'conflict';
  readonly desired: DesiredInstance;
  readonly reason: string;
  readonly hint: string;
  /** Instances that may be meant. They must not be deleted while it is open. */
  readonly among: readonly OwnedInstance[];
}

/** Ids for a sentence: `12 and 13`. */
export function listIds(instances: readonly { readonly id: string }[]): string {
  return listWords(instances.map((one) => one.id));
}

/** Words for a sentence: `a, b and c`. */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Whether the tags name an owner, but not one alone: such an instance must be matched with nothing and never be written. */
export function isContested({ claims }: OwnedInstance): boolean {
  return claims !== undefined;
}

/** Keys of this workspace that the contradicting tags of an instance name. */
function listClaimedKeys({ claims = [] }: OwnedInstance, workspace: string): readonly string[] {
  return [...new Set(claims.filter((one) => one.workspace === workspace).flatMap(({ key }) => key ?? []))];
}

/** Says that the tags contradict each other, with the tags themselves: `The tags of instance 7 name no single owner: ...`. */
export function describeClaims(live: OwnedInstance): string {
  const tags = (live.claims ?? []).map(claimTag).toSorted(compareText);
  return `The tags of instance ${live.id} name no single owner: ${listWords(tags)}.`;
}

/** Stops a definition whose key tag is on instances that carry other owner tags too. */
export function toClaimConflict(
  desired: DesiredInstance,
  claimants: readonly OwnedInstance[],
  options: { readonly holders: readonly OwnedInstance[]; readonly workspace: string },
): MatchConflict {
  const { holders, workspace } = options;
  const others = holders.map((one) => `Instance ${one.id} carries the key ${desired.key} too.`);
  return {
    kind: 'conflict',
    desired,
    reason: [...claimants.map(describeClaims), ...others].join(' '),
    hint: `Take the wrong ones away on the platform. What belongs to this definition carries \`${claimTag({ workspace })}\` and \`${claimTag({ workspace, key: desired.key })}\`, and no other tag of that kind.`,
    among: [...holders, ...claimants],
  };
}

/** Stops a new definition that has the connector and name of instances whose owner nobody can tell. */
export function toContestedNameConflict(desired: DesiredInstance, contested: readonly OwnedInstance[]): MatchConflict {
  const what = contested.map((one) => `Instance ${one.id} already has this connector and name. ${describeClaims(one)}`);
  return {
    kind: 'conflict',
    desired,
    reason: what.join(' '),
    hint: 'Take the wrong ones away on the platform, or give the definition another name.',
    among: contested,
  };
}

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
