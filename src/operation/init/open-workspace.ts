import path from 'node:path';
import { decodeWorkspace } from '../../config/decode-workspace.ts';
import { loadWorkspace, selectEnvironment } from '../../config/load-workspace.ts';
import { parseDocuments } from '../../definition/parse-documents.ts';
import type { Checked, Diagnostic } from '../../model/diagnostic.ts';
import type { Environment, Workspace } from '../../model/environment.ts';
import { UserError } from '../../model/user-error.ts';
import { type PlacedEnvironment, placeEach } from './platform-addresses.ts';
import type { WantedFile } from './wanted-files.ts';
import { nameWorkspace, renderWorkspace } from './workspace-files.ts';

/** Which workspace, there or to be made, and which of its environments. */
export interface WorkspaceOptions {
  /** `--config FILE`: the file of a workspace that is there. */
  readonly configFile?: string | undefined;
  /** Environments that the workflows work on; absent: those on a real platform, or the default one. */
  readonly environments?: readonly string[] | undefined;
  /** Name of a new workspace; absent: that of the folder. */
  readonly workspace?: string | undefined;
  /** `sandbox`, or the address of a platform, for a new workspace; or one for each environment, `dev=URL,prod=URL`. */
  readonly platform?: string | undefined;
}

/** A workspace as it is, or as it is going to be. */
export interface OpenedWorkspace {
  readonly directory: string;
  /** Name of the workspace file in its folder. */
  readonly file: string;
  /** Those that the workflows work on. */
  readonly environments: readonly Environment[];
  /** Names of those on the embedded platform. */
  readonly sandboxes: readonly string[];
  /** Files of a new workspace. */
  readonly files: readonly WantedFile[];
}

/** Finds the workspace, or says what a new one consists of. Writes nothing. */
export async function openWorkspace(cwd: string, options: WorkspaceOptions): Promise<Checked<OpenedWorkspace>> {
  const { configFile } = options;
  const found = await loadWorkspace({ cwd, configFile });
  const isMissing = !found.ok && found.diagnostics.every(({ code }) => code === 'no-workspace');
  if (isMissing) return { ok: true, value: newWorkspace(cwd, options), diagnostics: [] };
  if (!found.ok) return found;
  if (options.platform !== undefined || options.workspace !== undefined) throw alreadyThere(found.value);
  const names = options.environments ?? defaultNames(found.value);
  const chosen = names.map((name) => selectEnvironment(found.value, name));
  const diagnostics = chosen.flatMap((one): readonly Diagnostic[] => one.diagnostics);
  const environments = chosen.flatMap((one) => (one.ok ? [one.value] : []));
  if (environments.length < chosen.length) return { ok: false, diagnostics };
  const { directory, file } = found.value;
  return {
    ok: true,
    value: { directory, file, environments, sandboxes: listSandboxes(found.value), files: [] },
    diagnostics,
  };
}

/** Those on a real platform; with none, the default one. */
function defaultNames({ environments }: Workspace): readonly (string | undefined)[] {
  const remote = [...environments.values()].filter(({ platform }) => platform === 'remote').map(({ name }) => name);
  return remote.length === 0 ? [undefined] : remote;
}

function newWorkspace(directory: string, options: WorkspaceOptions): OpenedWorkspace {
  const placed = placeEach(options.platform, options.environments);
  const environments = placed ?? placeAll(options);
  const names = new Set(environments.map((one) => one.name));
  if (environments.some((one) => one.platform !== 'sandbox' && one.name === 'sandbox')) throw sandboxIsEmbedded;
  const name = options.workspace ?? nameWorkspace(path.basename(directory));
  const text = renderWorkspace({ name, environments: placed ?? withSandbox(environments) });
  const workspace = decodeNew(text, directory);
  const unplaced =
    options.platform === undefined ? (options.environments ?? []).filter((one) => one !== 'sandbox') : [];
  if (unplaced.length > 0) throw platformMissing(unplaced);
  const file = 'connectorctl.yaml';
  return {
    directory,
    file,
    environments: [...workspace.environments.values()].filter((one) => names.has(one.name)),
    sandboxes: listSandboxes(workspace),
    files: [
      { path: path.join(directory, file), text },
      { path: path.join(directory, '.gitignore'), text: '# What connectorctl keeps between runs.\n.connectorctl/\n' },
    ],
  };
}

/** One address for all; the embedded platform when none is given. */
function placeAll({ platform = 'sandbox', environments }: WorkspaceOptions): readonly PlacedEnvironment[] {
  const names = environments ?? [platform === 'sandbox' ? 'sandbox' : 'production'];
  return names.map((name) => ({ name, platform }));
}

/** With one address for all, the sandbox is there besides. Who names each environment gets those alone: then no command without `--env` goes elsewhere. */
function withSandbox(environments: readonly PlacedEnvironment[]): readonly PlacedEnvironment[] {
  const sandbox = { name: 'sandbox', platform: 'sandbox' };
  return environments.some(({ platform }) => platform === 'sandbox') ? environments : [sandbox, ...environments];
}

function listSandboxes({ environments }: Workspace): readonly string[] {
  return [...environments.values()].filter(({ platform }) => platform === 'sandbox').map(({ name }) => name);
}

/** Reads back what is about to be written, so that a name that cannot be used is found before. */
function decodeNew(text: string, directory: string): Workspace {
  const { documents, diagnostics } = parseDocuments('connectorctl.yaml', text);
  const [document] = documents;
  const decoded = document === undefined ? { ok: false as const, diagnostics } : decodeWorkspace(document, directory);
  if (decoded.ok) return decoded.value;
  const [problem] = decoded.diagnostics;
  throw new UserError('invalid-option', problem?.detail ?? problem?.message ?? 'The workspace cannot be created.', {
    kind: 'invalid',
    hint: 'Nothing was written. Correct --env, --workspace or --platform.',
  });
}

function alreadyThere({ file }: Workspace): UserError {
  return new UserError(
    'workspace-exists',
    `There is already a workspace: ${file}. It defines its own name and platforms.`,
    {
      kind: 'invalid',
      hint: `Nothing was written. Omit --workspace and --platform, and edit ${file} instead.`,
    },
  );
}

/** A name says nothing about the platform, and to take the embedded one for `production` would be a surprise. */
function platformMissing(names: readonly string[]): UserError {
  const list = names.join(',');
  return new UserError(
    'invalid-option',
    `Nothing says on which platform ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}.`,
    {
      kind: 'invalid',
      hint: `Nothing was written. Name the address of its API:\nconnectorctl init --env ${list} --platform https://api.openconnectors.REGION.ext.hana.ondemand.com\nOne for each is written so:\nconnectorctl init --platform ${names.map((name) => `${name}=URL`).join(',')}\nOr use the embedded platform, which needs no account:\nconnectorctl init --env ${list} --platform sandbox`,
    },
  );
}

const sandboxIsEmbedded = new UserError('invalid-option', 'The environment `sandbox` is the embedded platform.', {
  kind: 'invalid',
  hint: 'Nothing was written. Choose another name for the environment of a real platform:\nconnectorctl init --env production --platform URL',
});
