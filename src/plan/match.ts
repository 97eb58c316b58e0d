import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';

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
