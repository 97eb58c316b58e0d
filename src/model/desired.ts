import type { Json } from './json.ts';
import type { Pointer, Position } from './position.ts';
import type { Secret } from './secret.ts';

/** A configuration value with references resolved. Text that holds any secret is a Secret as a whole. */
export type DesiredValue = Json | Secret;

/** A reference in name, tags or configuration that has no value yet. */
export interface UnsetReference {
  readonly kind: 'secrets' | 'vars';
  readonly name: string;
  /** Where it is written. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A definition as it stands for another environment: what a plan of this one has to know of it. */
export interface DesiredElsewhere {
  readonly key: string;
  readonly connector: string;
  /** Null: as it is written without any override. */
  readonly environment: string | null;
  /** Secrets that it sends, by the names of the references: `secrets.PASSWORD`. */
  readonly secrets: ReadonlySet<string>;
  /** Those of them that stand there on lines that this environment does not have. */
  readonly apart: ReadonlySet<string>;
  /** Resolved as far as it can be: few plans need it. */
  readonly configuration: () => ReadonlyMap<string, DesiredValue>;
}

/** One definition for one environment: overrides merged, references resolved. */
export interface DesiredInstance {
  readonly key: string;
  readonly connector: string;
  readonly name: string;
  /** Absent: the tags on the platform are kept. Present: authoritative for all tags but ours. */
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  /** The platform's own flat keys. Null values are already gone. */
  readonly configuration: ReadonlyMap<string, DesiredValue>;
  /** Values sent only when the instance is created or authorized again. */
  readonly providerData: ReadonlyMap<string, Secret | string>;
  /** Names of references in providerData that are unset: the instance waits as `authorize` when it has to be created. */
  readonly missingProviderData: readonly string[];
  /** What is unset of what must be known to compare it. Present: it is `blocked`, and the values that refer to it are left out. */
  readonly unset?: readonly UnsetReference[];
  readonly externalAuthentication?: 'initial';
  readonly adopt?: string;
  /** Configuration keys that are never compared. */
  readonly ignore: ReadonlySet<string>;
  readonly protect: boolean;
  /** Where the definition is. */
  readonly source: Position;
  readonly at: (pointer: Pointer) => Position;
}
