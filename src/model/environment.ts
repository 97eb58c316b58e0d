import { didYouMean } from './nearest-name.ts';
import type { Pointer, Position } from './position.ts';
import type { RuleLevel } from './rule-level.ts';

export interface Limits {
  readonly maxDelete: number;
  /** Of new instances in one apply; any number when absent. */
  readonly maxCreate?: number | undefined;
  /** Of the live instances this workspace owns, 0 to 100. */
  readonly maxDeletePercent: number;
  readonly maxChangePercent: number;
  /** Longest tag that is written, in characters. The platform documents no limit (platform-api §16.9). */
  readonly maxTagLength: number;
  /** By how many instances the total that the platform tells may be larger than what it shows to this user. None when absent. */
  readonly maxUnlisted?: number | undefined;
}

/** Where the secrets of an environment come from that the process environment does not set (design §2). */
export type SecretsProvider =
  /** A file that SOPS encrypted with age; path inside the workspace. */
  | { readonly kind: 'sops'; readonly file: string }
  /** A folder with a file for each secret, of its name; absolute, or relative to the workspace folder. */
  | { readonly kind: 'directory'; readonly directory: string }
  /** A secret of the KV engine, version 2, of HashiCorp Vault or OpenBao. */
  | { readonly kind: 'vault'; readonly mount: string; readonly path: string };

/** Names are written into tags of instances (design §3), which have little room. */
export const maxNameLength = 64;
const environmentName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Whether it can be the name of an environment. A `/` would make the tag of one that of another's definition. */
export function isEnvironmentName(name: unknown): name is string {
  return typeof name === 'string' && environmentName.test(name) && name.length <= maxNameLength;
}

/** One platform account to reconcile against. */
export interface Environment {
  readonly name: string;
  /** Name that it had before: instances that carry it are moved to the present one. */
  readonly renamedFrom?: string | undefined;
  /** `sandbox` is the embedded platform; it has no base URL of its own. */
  readonly platform: 'sandbox' | 'remote';
  /** As written; checked and normalized where the client is made. */
  readonly baseUrl?: string | undefined;
  /** Id or name of the organisation that the credentials must belong to. */
  readonly account?: string | undefined;
  readonly secrets?: SecretsProvider | undefined;
  readonly vars: Readonly<Record<string, string>>;
  readonly prune: boolean;
  readonly limits: Limits;
}

/** `Did you mean ...?` of the environment that had the name before, or else is the nearest; undefined when there is none. */
export function whichEnvironment(name: string, environments: ReadonlyMap<string, Environment>): string | undefined {
  const heirs = [...environments.values()].filter(({ renamedFrom }) => renamedFrom === name);
  const [heir] = heirs;
  // Of several nobody knows which one; the workspace file is refused for that.
  if (heir === undefined || heirs.length > 1) return didYouMean(name, environments.keys());
  return `Did you mean \`${heir.name}\`, which was renamed from \`${name}\`?`;
}

/** The folder of a workspace that holds its definitions. */
export const definitionsFolder = 'instances';

/** The file of a new definition, relative to the workspace folder. */
export function definitionFile(key: string): string {
  return `${definitionsFolder}/${key}.yaml`;
}

/** Folder of the schemas for editors, below that of the workspace. */
export const schemaFolder = 'schema';

/** The schema of definitions that their first line names. */
export const definitionSchemaFile = 'schema/instance.schema.json';

/** The path to it from a definition that is `depth` folders below that of the workspace: 1 for one directly in the folder of definitions. */
export function schemaFromDefinition(depth = 1): string {
  return `${'../'.repeat(depth)}${definitionSchemaFile}`;
}

/** Folder of the connectors that were pulled from a platform, below that of the workspace. */
export const connectorsFolder = 'schema/connectors';

/** The file of a pulled connector, relative to the workspace folder; its key may hold what no file name may (platform-facts A10). */
export function connectorFile(key: string): string {
  return `${connectorsFolder}/${encodeURIComponent(key)}.json`;
}

/** The JSON Schema of the configuration of a pulled connector, beside its file. */
export function connectorSchemaFile(key: string): string {
  return `${connectorsFolder}/${encodeURIComponent(key)}.schema.json`;
}

/** Names that a workspace file may have in its folder, the first one found counting. */
export const workspaceFiles: readonly string[] = ['connectorctl.yaml', 'connectorctl.yml', 'connectorctl.json'];

/** What `connectorctl.yaml` says. */
export interface Workspace {
  readonly name: string;
  /** Absolute path of the folder that holds `connectorctl.yaml`. */
  readonly directory: string;
  /** Path of the file, relative to the folder. */
  readonly file: string;
  readonly defaultEnvironment?: string | undefined;
  readonly environments: ReadonlyMap<string, Environment>;
  /** What it says of rules for definitions, by their codes, whether there are such rules or not. */
  readonly rules?: ReadonlyMap<string, RuleLevel> | undefined;
  at(pointer: Pointer, part?: 'value' | 'key'): Position;
}
