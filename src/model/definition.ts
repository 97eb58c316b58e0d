import type { Json } from './json.ts';
import type { Pointer, Position } from './position.ts';

/** What an environment changes in a definition, key by key; null takes a configuration key away. */
export interface Override {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly configuration?: Readonly<Record<string, Json>>;
}

/** What a YAML document says one instance should be: valid, references not yet resolved. */
export interface Definition {
  /** Stable identity: path below `instances/` without extension, or `key:`. */
  readonly key: string;
  readonly file: string;
  readonly connector: string;
  readonly name: string;
  readonly tags?: readonly string[];
  /** Left alone on the platform when absent. */
  readonly enabled?: boolean;
  readonly configuration: Readonly<Record<string, Json>>;
  readonly providerData?: Readonly<Record<string, string>>;
  /** Names of the environments it is for; all when absent. */
  readonly environments?: readonly string[];
  readonly overrides?: Readonly<Record<string, Override>>;
  readonly externalAuthentication?: 'initial';
  /** Id of the live instance to take over, as text; or per environment. */
  readonly adopt?: string | Readonly<Record<string, string>>;
  /** `configuration.<key>` entries that are sent on create and never compared. */
  readonly ignore?: readonly string[];
  readonly protect?: boolean;
  readonly at: (pointer: Pointer, part?: 'value' | 'key') => Position;
}

/** `${{ secrets.NAME }}` or `${{ vars.NAME }}` in a text, or what begins like one. */
export interface Reference {
  /** `unknown` when it cannot be read. */
  readonly kind: 'secrets' | 'vars' | 'unknown';
  /** What stands between the braces when it cannot be read. */
  readonly name: string;
  /** Start and end (exclusive) in the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Why it cannot be read, as a full sentence. */
  readonly problem?: string;
}

/** Fields of a definition, or of the REST API's body, that hardly any connector has as a configuration key. `tags` has a rule of its own. */
export const misplacedKeys: ReadonlySet<string> = new Set([
  'adopt',
  'configuration',
  'connector',
  'element',
  'environments',
  'externalAuthentication',
  'ignore',
  'name',
  'overrides',
  'protect',
  'providerData',
]);
