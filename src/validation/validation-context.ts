import type { ParsedDocument } from '../model/document.ts';
import type { Environment } from '../model/environment.ts';
import type { Reference } from '../model/reference.ts';

/** What validation has to know beside the documents. */
export interface ValidationContext {
  readonly environments: ReadonlyMap<string, Environment>;
  /** Finds references in a text. */
  readonly findReferences: (text: string) => readonly Reference[];
  /** Key of a definition: its `key`, else from its path. */
  readonly keyOf: (document: ParsedDocument) => string;
  readonly isKey: (text: string) => boolean;
  /** Names of secrets that are set for `environment`; secrets are not checked when absent. */
  readonly setSecrets?: ReadonlySet<string>;
  /** The environment that `setSecrets` is about. */
  readonly environment?: Environment;
  /** Where a secret would be set: `the environment variable CONNECTORCTL_SECRET_NAME`. */
  readonly describeSecret: (name: string) => string;
}
