import type { Connector } from '../../model/connector.ts';
import type { DesiredInstance } from '../../model/desired.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Secret } from '../../model/secret.ts';
import type { EnvironmentPlace } from './for-environment.ts';
import type { NameGiver } from '../convert/reference-names.ts';

/** A definition as it stands in a file. */
export interface ExistingDefinition {
  /** Of the whole file. */
  readonly text: string;
  /** Which document of the file, as `ParsedDocument.index` counts. */
  readonly index: number;
  /** What the document says in the environment of the live instance. */
  readonly desired: DesiredInstance;
  /** Absent: the definition is for one environment. */
  readonly place?: EnvironmentPlace | undefined;
}

/** What the process knows of secrets, whether a definition names them or not. */
export interface KnownText {
  /** Name of the secret that a live value is equal to; undefined when it is none. */
  readonly nameOf: (value: string | Secret) => string | undefined;
  /** Whether a text shows a secret. */
  readonly shows: (text: string) => boolean;
}

export interface ImportOptions {
  /** Absent: no secret is known. */
  readonly known?: KnownText | undefined;
  /** Catalogue entry, when it is known. */
  readonly connector?: Connector | undefined;
  readonly isSecretKey: (key: string) => boolean;
  /** Importing over a file: compare with what it says now. */
  readonly existing?: ExistingDefinition;
  /** Write `adopt: <id>`. */
  readonly adopt: boolean;
  /** Of a workspace with several: a new definition is for this one only, and so is its id. */
  readonly environment?: string | undefined;
  /** True: secrets and what the platform masks become references. Else they are left on the platform, and stand in a comment. */
  readonly withSecrets?: boolean | undefined;
  /** Path or URL of the JSON Schema, for editors. Only for a new file. */
  readonly schemaPath?: string;
  /**
   * One for all instances that are imported together, so that secrets of different instances never share a name.
   * Names that a workspace uses already can be taken beforehand: `nameSecret('SHAREFILE_CLIENT_ID', 'in use')`.
   */
  readonly nameSecret?: NameGiver;
}

/** Why a live key is not in the definition. It stays on the platform: only keys that a definition names are compared. */
export type WhyLeftOut =
  /** Secret or masked: it stays on the platform, and the definition names in a comment the reference that would manage it. */
  | 'hidden'
  /** The platform or the provider fills it. */
  | 'volatile'
  /** It is what an instance has anyway. */
  | 'default'
  /** It holds nothing. */
  | 'null'
  /** Hidden by the platform, and of a kind of authentication that this instance does not use. */
  | 'masked'
  /** A secret of a kind of authentication that this instance does not use. */
  | 'secret'
  /** It reads as a placeholder or as a reference of ours; a warning names it. */
  | 'placeholder';

export interface LeftOutKey {
  readonly key: string;
  readonly why: WhyLeftOut;
}

export interface Imported {
  /** `sharefile/finance-team`; over a file, the key of its definition. Two instances may get the same; the caller tells them apart. */
  readonly key: string;
  /** Text of the file. */
  readonly yaml: string;
  /** Names of the secrets that were made, to be set before the next plan; sorted as they stand in the file. */
  readonly secrets: readonly string[];
  readonly leftOut: readonly LeftOutKey[];
  /** Variables that the text refers to and that the environment has to have, with their values. */
  readonly variables?: ReadonlyMap<string, string> | undefined;
  /** Warnings only. */
  readonly diagnostics: readonly Diagnostic[];
}
