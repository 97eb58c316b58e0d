import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Reason } from '../model/plan-codes.ts';

/** What became of a definition when its instance was looked for. */
export type Match =
  | {
      readonly kind: 'new';
      readonly desired: DesiredInstance;
      /** Instances of other workspaces or environments with the same connector and name. */
      readonly sameNameElsewhere: readonly OwnedInstance[];
      /** Whether an instance of this environment, which belongs to another definition, has the same connector and name. */
      readonly isNameOwned: boolean;
      /** Key of the definition that must get the instance with this key first. */
      readonly after?: string | undefined;
    }
  | { readonly kind: 'same'; readonly desired: DesiredInstance; readonly live: OwnedInstance }
  | { readonly kind: 'adopt'; readonly desired: DesiredInstance; readonly live: OwnedInstance }
  | {
      readonly kind: 'move';
      readonly desired: DesiredInstance;
      readonly live: OwnedInstance;
      /** Key of the definition that must get the instance with this key first. */
      readonly after?: string | undefined;
    }
  | MatchConflict;

/** A definition that cannot be matched without a person. */
export interface MatchConflict {
  readonly kind: 'conflict';
  readonly desired: DesiredInstance;
  readonly reason: Reason;
  /** Instances that may be meant. They must not be deleted while it is open. */
  readonly among: readonly OwnedInstance[];
}
