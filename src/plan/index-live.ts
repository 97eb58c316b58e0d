import { compareIds, compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import { isOurs, type OurEnvironment, type OwnedInstance, type OwningEnvironment } from '../model/live.ts';
import type { DisputedInstance } from '../model/plan-codes.ts';
import { stripHtml } from '../model/canonical-value.ts';
import { missingTagOf, parseOwnerTag } from '../tags/owner-tags.ts';

/** Everything live, filed by what matching asks for. Each list is sorted by id. */
export interface LiveIndex {
  readonly byId: ReadonlyMap<string, OwnedInstance>;
  /** This environment's instances by key tag. */
  readonly byKey: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** This environment's instances without a key tag: a person took it away. */
  readonly withoutKeyTag: readonly OwnedInstance[];
  /** This environment's instances whose definition is gone. */
  readonly orphans: readonly OwnedInstance[];
  /** All instances by connector and name. */
  readonly byName: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** Instances with an ambiguous owner, by each key of this environment that they name. */
  readonly byClaimedKey: ReadonlyMap<string, readonly OwnedInstance[]>;
  /** Instances with an ambiguous owner that name this environment, or no environment but this workspace. */
  readonly ambiguous: readonly OwnedInstance[];
  /** Instances of this workspace in environments that it does not have. */
  readonly stranded: readonly OwnedInstance[];
}

/** Who looks at the live instances. */
export interface Viewer extends OurEnvironment {
  /** All environments of the workspace file. */
  readonly environments: ReadonlySet<string>;
}

/** Files the live instances. Ownership is read here once more, whatever filter the list was asked with. */
export function indexLive(
  live: readonly OwnedInstance[],
  desired: readonly DesiredInstance[],
  viewer: Viewer,
): LiveIndex {
  const sorted = live.toSorted((a, b) => compareIds(a.id, b.id));
  const ours = sorted.filter((one) => isOurs(one.owner, viewer));
  const ambiguous = sorted.filter(hasAmbiguousOwner);
  const claims = ambiguous.flatMap((one) => listClaimedKeys(one, viewer).map((key) => ({ key, one })));
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
    ambiguous: ambiguous.filter((one) => namesUs(one, viewer)),
    stranded: sorted.filter((one) => isStranded(one, viewer)),
  };
}

/** Whether the tags name an owner, but not one alone: such an instance must be matched with nothing and never be written. */
export function hasAmbiguousOwner({ claims }: OwnedInstance): boolean {
  return claims !== undefined;
}

/** Keys of this environment that the contradicting tags of an instance name. */
function listClaimedKeys({ claims = [] }: OwnedInstance, viewer: Viewer): readonly string[] {
  const ours = claims.map(parseOwnerTag).filter((one) => isOurs(toOwner(one), viewer));
  return [...new Set(ours.flatMap(({ key }) => key ?? []))];
}

function toOwner({ workspace, environment = '' }: ReturnType<typeof parseOwnerTag>): OwningEnvironment {
  return { workspace, environment };
}

/** Whether contradicting tags name the environment. What names the workspace and none of its environments concerns each of them. */
function namesUs({ claims = [] }: OwnedInstance, viewer: Viewer): boolean {
  return claims
    .map((tag) => toOwner(parseOwnerTag(tag)))
    .some(
      (one) => isOurs(one, viewer) || (one.workspace === viewer.workspace && !viewer.environments.has(one.environment)),
    );
}

/** Whether nobody looks after it any more: its environment was renamed or taken away without a word. */
export function isStranded({ owner }: OwnedInstance, viewer: Viewer): boolean {
  if (owner === undefined || owner.workspace !== viewer.workspace || isOurs(owner, viewer)) return false;
  return !viewer.environments.has(owner.environment);
}

/** An instance with an ambiguous owner, and the tags that make it so. */
export function describeClaims({ id, claims = [] }: OwnedInstance): DisputedInstance {
  const missing = missingTagOf(claims);
  return { id, tags: claims.toSorted(compareText), ...(missing === undefined ? {} : { missing }) };
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

/** Environments of owned instances, each once, for the arguments of a code. */
export function environmentsOf(instances: readonly OwnedInstance[]): readonly string[] {
  return [...new Set(instances.flatMap(({ owner }) => owner?.environment ?? []))].toSorted(compareText);
}
