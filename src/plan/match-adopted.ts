import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { LiveIndex } from './live-index.ts';
import { describeClaims, isContested } from './claims.ts';
import { listWords } from './match.ts';
import type { Match, MatchConflict } from './match.ts';

interface AdoptOptions {
  readonly index: LiveIndex;
  readonly workspace: string;
  /** Keys of all definitions that ask for the same id, this one included. */
  readonly askers: readonly string[];
}

/**
 * Matches a definition with the instance that its `adopt:` names.
 * An instance of ours whose definition is gone is moved: the id says which one is meant.
 */
export function matchAdopted(desired: DesiredInstance, id: string, options: AdoptOptions): Match {
  const { index, workspace, askers } = options;
  const live = index.byId.get(id);
  const refuse = (reason: string, hint: string): MatchConflict => ({
    kind: 'conflict',
    desired,
    reason,
    hint,
    among: live === undefined ? [] : [live],
  });

  if (live === undefined) {
    return refuse(
      `adopt: no instance has the id ${id}, or these credentials cannot see it.`,
      'Correct the id in `adopt:`, or take it away to create a new instance.',
    );
  }
  if (askers.length > 1) {
    return refuse(`adopt: ${listWords(askers)} all ask for instance ${id}.`, 'Leave `adopt:` in one of them only.');
  }
  if (live.connector.toLowerCase() !== desired.connector.toLowerCase()) {
    return refuse(
      `adopt: instance ${id} has the connector ${live.connector}, not ${desired.connector}.`,
      'Correct the id, or the connector.',
    );
  }
  const { owner } = live;
  if (isContested(live)) {
    return refuse(
      `adopt: ${describeClaims(live)}`,
      'Take the wrong ones away on the platform. Without any of them the instance can be adopted.',
    );
  }
  if (owner === undefined) return { kind: 'adopt', desired, live };
  if (owner.workspace !== workspace) {
    return refuse(
      `adopt: instance ${id} belongs to the workspace ${owner.workspace}.`,
      'Instances of another workspace are never touched. Give it up there first.',
    );
  }
  if (owner.key === undefined) return { kind: 'adopt', desired, live };
  if (isVanished(live, index)) return { kind: 'move', desired, live };
  return refuse(
    `adopt: instance ${id} already belongs to ${owner.key}.`,
    'Take `adopt:` away, or remove the other definition.',
  );
}

function isVanished(live: OwnedInstance, index: LiveIndex): boolean {
  return index.vanished.some((one) => one.id === live.id);
}
