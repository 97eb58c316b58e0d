import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance, Owner } from '../model/live.ts';
import { compareText } from './compare-text.ts';
import { listWords } from './match.ts';
import type { MatchConflict } from './match.ts';

/** Whether the tags name an owner, but not one alone: such an instance must be matched with nothing and never be written. */
export function isContested({ claims }: OwnedInstance): boolean {
  return claims !== undefined;
}

/** Keys of this workspace that the contradicting tags of an instance name. */
export function listClaimedKeys({ claims = [] }: OwnedInstance, workspace: string): readonly string[] {
  return [...new Set(claims.filter((one) => one.workspace === workspace).flatMap(({ key }) => key ?? []))];
}

/** Says that the tags contradict each other, with the tags themselves: `The tags of instance 7 name no single owner: ...`. */
export function describeClaims(live: OwnedInstance): string {
  const tags = (live.claims ?? []).map(toTag).toSorted(compareText);
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
    hint: `Take the wrong ones away on the platform. What belongs to this definition carries \`${toTag({ workspace })}\` and \`${toTag({ workspace, key: desired.key })}\`, and no other tag of that kind.`,
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

function toTag({ workspace, key }: Owner): string {
  return `connectorctl/${workspace}${key === undefined ? '' : `/${key}`}`;
}
