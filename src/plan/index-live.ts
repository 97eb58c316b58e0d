import { compareIds, compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { DisputedInstance } from '../model/plan-codes.ts';
import { stripHtml } from '../model/canonical-value.ts';
import { keyTag, workspaceTag } from '../tags/owner-tags.ts';

/** Everything live, filed by what matching asks for. Each list is sorted by id. */
export interface LiveIndex {
  readonly byId: ReadonlyMap<string, OwnedInstance>;
  /** This workspace's instances by key tag. */
  readonly byKey: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** This workspace's instances without a key tag: a person took it away. */
  readonly withoutKeyTag: readonly OwnedInstance[];
  /** This workspace's instances whose definition is gone. */
  readonly orphans: readonly OwnedInstance[];
  /** All instances by connector and name. */
  readonly byName: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** Instances with an ambiguous owner, by each key of this workspace that they name. */
  readonly byClaimedKey: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** Instances with an ambiguous owner that name this workspace. */
  readonly ambiguous: readonly OwnedInstance[];
}

/** Files the live instances. Ownership is read here once more, whatever filter the list was asked with. */
export function indexLive(
  live: readonly OwnedInstance[],
  desired: readonly DesiredInstance[],
  workspace: string,
): LiveIndex {
  const sorted = live.toSorted((a, b) => compareIds(a.id, b.id));
  const ours = sorted.filter((one) => one.owner?.workspace === workspace);
  const ambiguous = sorted.filter(hasAmbiguousOwner);
  const claims = ambiguous.flatMap((one) => listClaimedKeys(one, workspace).map((key) => ({ key, one })));
  const defined = new Set(desired.map((one) => one.key));
  return {
    byId: new Map(live.map((one) => [one.id, one])),
    byKey: groupBy(ours, (one) => one.owner?.key),
    withoutKeyTag: ours.filter((one) => one.owner?.key === undefined),
    orphans: ours.filter((one) => one.owner?.key !== undefined && !defined.has(one.owner.key)),
    byName: groupBy(sorted, nameKey),
    byClaimedKey: new Map(
      [...groupBy(claims, ({ key }) => key)].map(([key, group]) => [key, group.map(({ one }) => one)]),
    ),
    ambiguous: ambiguous.filter(({ claims: named = [] }) => named.some((one) => one.workspace === workspace)),
  };
}

/** Whether the tags name an owner, but not one alone: such an instance must be matched with nothing and never be written. */
export function hasAmbiguousOwner({ claims }: OwnedInstance): boolean {
  return claims !== undefined;
}

/** Keys of this workspace that the contradicting tags of an instance name. */
function listClaimedKeys({ claims = [] }: OwnedInstance, workspace: string): readonly string[] {
  return [...new Set(claims.filter((one) => one.workspace === workspace).flatMap(({ key }) => key ?? []))];
}

/** An instance with an ambiguous owner, and the tags that make it so. */
export function describeClaims({ id, claims = [] }: OwnedInstance): DisputedInstance {
  const tags = claims.map(({ workspace, key }) =>
    key === undefined ? workspaceTag(workspace) : keyTag(workspace, key),
  );
  return { id, tags: tags.toSorted(compareText) };
}

/** Equal for two that a person would take for the same: connector, whatever its case (platform-api §8), and shown name. */
export function nameKey({ connector, name }: { readonly connector: string; readonly name: string }): string {
  return JSON.stringify([connector.toLowerCase(), stripHtml(name)]);
}

/** Whether the connectors are different ones. Keys are found whatever their case (platform-api §8). */
export function isOtherConnector(desired: DesiredInstance, live: OwnedInstance): boolean {
  return desired.connector.toLowerCase() !== live.connector.toLowerCase();
}

/** Ids, for the arguments of a code. */
export function idsOf(instances: readonly OwnedInstance[]): readonly string[] {
  return instances.map(({ id }) => id);
}
