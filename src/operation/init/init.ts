import path from 'node:path';
import { loadWorkspace, selectEnvironment } from '../../config/load-workspace.ts';
import { decodeWorkspace } from '../../config/decode-workspace.ts';
import { parseDocuments } from '../../definition/parse-documents.ts';
import { exists } from '../../disk/exists.ts';
import { findRepository } from '../../disk/find-repository.ts';
import { readDefinitionFiles } from '../../disk/read-definitions.ts';
import { readText } from '../../disk/read-text.ts';
import { writeFileAtomically } from '../../disk/write-file.ts';
import type { Checked, Diagnostic } from '../../model/diagnostic.ts';
import type { Environment, Workspace } from '../../model/environment.ts';
import { UserError } from '../../model/user-error.ts';
import type { Ending, InitializedFile } from '../ending.ts';
import { listSecrets } from './list-secrets.ts';
import {
  listActionFiles,
  listEditorFiles,
  listWorkflows,
  type WantedFile,
  type WantedWorkflow,
} from './wanted-files.ts';
import { secretLine } from './workflow-parts.ts';
import type { WorkflowSettings } from './workflow-settings.ts';
import { firstDefinitionFile, nameWorkspace, renderFirstDefinition, renderWorkspace } from './workspace-files.ts';

export interface InitOptions {
  /** Environments that the workflows work on; absent: those on a real platform, or the default one. */
  readonly environments?: readonly string[];
  /** Name of a new workspace; absent: that of the folder. */
  readonly workspace?: string;
  /** `sandbox`, or the address of a platform, for a new workspace. */
  readonly platform?: string;
  /** Whether workflows and the Action are written. */
  readonly workflows: boolean;
  /** The Action as `owner/repository/path@commit`; absent: it is put into the repository. */
  readonly action?: string;
}

/**
 * Writes what a repository needs: workspace file, first definition, schemas for editors, workflows, the Action.
 * Never changes a file that is there: what such a file lacks is told instead. Sends nothing.
 *
 * @param cwd absolute folder of the command
 */
export async function init(cwd: string, options: InitOptions): Promise<Ending> {
  if (options.action !== undefined) checkAction(options.action);
  const opened = await openWorkspace(cwd, options);
  if (!opened.ok) return { kind: 'checked', diagnostics: opened.diagnostics, files: 0, directory: cwd };
  const { directory, environments, files: own } = opened.value;

  const root = findRepository(directory) ?? directory;
  const definitions = [...(await readDefinitionFiles(directory)).files];
  const texts = definitions.length > 0 ? definitions : own.map(({ path: file, text }) => ({ file, text }));
  const settings: WorkflowSettings = {
    environments: environments.map((one) => ({ name: one.name, secrets: listSecrets(texts, one) })),
    directory: path.relative(root, directory).replaceAll(path.sep, '/') || '.',
    ...(options.action === undefined ? {} : { action: options.action }),
  };
  const workflows = options.workflows ? listWorkflows(root, settings) : [];
  const action = options.workflows && options.action === undefined ? listActionFiles(root) : [];

  const files: InitializedFile[] = [];
  for (const wanted of [...own, ...listEditorFiles(directory), ...workflows, ...action]) {
    files.push({ file: path.relative(cwd, wanted.path), status: await settle(wanted) });
  }
  return {
    kind: 'initialized',
    files,
    additions: workflows.flatMap((workflow) => listAdditions(workflow, cwd)),
    environments: options.workflows ? settings.environments : [],
    diagnostics: [],
  };
}

interface OpenedWorkspace {
  readonly directory: string;
  /** Those that the workflows work on. */
  readonly environments: readonly Environment[];
  /** Files of a new workspace. */
  readonly files: readonly WantedFile[];
}

async function openWorkspace(cwd: string, options: InitOptions): Promise<Checked<OpenedWorkspace>> {
  const found = await loadWorkspace({ cwd, parse: parseDocuments });
  const isMissing = !found.ok && found.diagnostics.every(({ code }) => code === 'no-workspace');
  if (isMissing) return { ok: true, value: await newWorkspace(cwd, options), diagnostics: [] };
  if (!found.ok) return found;
  if (options.platform !== undefined || options.workspace !== undefined) throw alreadyThere(found.value);
  const names = options.environments ?? defaultNames(found.value);
  const chosen = names.map((name) => selectEnvironment(found.value, name));
  const diagnostics = chosen.flatMap((one): readonly Diagnostic[] => one.diagnostics);
  const environments = chosen.flatMap((one) => (one.ok ? [one.value] : []));
  if (environments.length < chosen.length) return { ok: false, diagnostics };
  return { ok: true, value: { directory: found.value.directory, environments, files: [] }, diagnostics };
}

/** Those on a real platform; with none, the default one. */
function defaultNames({ environments }: Workspace): readonly (string | undefined)[] {
  const remote = [...environments.values()].filter(({ platform }) => platform === 'remote').map(({ name }) => name);
  return remote.length === 0 ? [undefined] : remote;
}

async function newWorkspace(directory: string, options: InitOptions): Promise<OpenedWorkspace> {
  const platform = options.platform ?? 'sandbox';
  const names = options.environments ?? [platform === 'sandbox' ? 'sandbox' : 'production'];
  if (platform !== 'sandbox' && names.includes('sandbox')) throw sandboxIsEmbedded;
  const name = options.workspace ?? nameWorkspace(path.basename(directory));
  const text = renderWorkspace({ name, environments: names, platform });
  const workspace = decodeNew(text, directory);
  const all = [...workspace.environments.values()];
  const sandboxes = all.filter((one) => one.platform === 'sandbox').map((one) => one.name);
  const hasDefinitions = (await readDefinitionFiles(directory)).files.length > 0;
  const first = { path: path.join(directory, firstDefinitionFile), text: renderFirstDefinition(sandboxes) };
  return {
    directory,
    environments: all.filter((one) => names.includes(one.name)),
    files: [
      { path: path.join(directory, 'connectorctl.yaml'), text },
      { path: path.join(directory, '.gitignore'), text: '# What connectorctl keeps between runs.\n.connectorctl/\n' },
      ...(hasDefinitions ? [] : [first]),
    ],
  };
}

/** Reads back what is about to be written, so that a name that cannot be used is found before. */
function decodeNew(text: string, directory: string): Workspace {
  const { documents, diagnostics } = parseDocuments('connectorctl.yaml', text);
  const [document] = documents;
  const decoded = document === undefined ? { ok: false as const, diagnostics } : decodeWorkspace(document, directory);
  if (decoded.ok) return decoded.value;
  const [problem] = decoded.diagnostics;
  throw new UserError('invalid-option', problem?.detail ?? problem?.message ?? 'The workspace cannot be made.', {
    kind: 'invalid',
    hint: 'Nothing was written. Correct --env, --workspace or --platform.',
  });
}

/** More than any file that init writes: the bundle of the Action is the largest. */
const maxBytes = 16 * 1024 * 1024;

async function settle({ path: file, text }: WantedFile): Promise<InitializedFile['status']> {
  if (exists(file)) {
    const read = readText(file, maxBytes);
    return 'text' in read && read.text === text ? 'unchanged' : 'kept';
  }
  await writeFileAtomically(file, text, 0o644);
  return 'written';
}

/** Lines that a workflow of the user's lacks. */
function listAdditions({ path: file, settings }: WantedWorkflow, cwd: string): readonly Addition[] {
  const read = readText(file);
  const text = 'text' in read ? read.text : '';
  const missing = new Set(settings.environments.flatMap(({ secrets }) => secrets));
  const lines = [...missing].filter((name) => !new RegExp(String.raw`\b${name}\b`).test(text)).map(secretLine);
  return lines.length === 0 ? [] : [{ file: path.relative(cwd, file), lines }];
}

type Addition = Extract<Ending, { kind: 'initialized' }>['additions'][number];

/** A tag or a branch can be moved by whoever owns the repository: then somebody else's program gets the secrets. */
function checkAction(action: string): void {
  if (/^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40}$/.test(action)) return;
  throw new UserError(
    'invalid-action',
    'The Action must be named by a commit: OWNER/REPOSITORY/PATH@ and 40 hex digits.',
    {
      kind: 'invalid',
      hint: 'Nothing was written. A tag or a branch can be moved, and would get your secrets. Leave out --action to keep the Action in your repository.',
    },
  );
}

function alreadyThere({ file }: Workspace): UserError {
  return new UserError(
    'workspace-exists',
    `There is a workspace already: ${file}. It says its name and its platforms itself.`,
    {
      kind: 'invalid',
      hint: `Nothing was written. Leave out --workspace and --platform, and change ${file} by hand.`,
    },
  );
}

const sandboxIsEmbedded = new UserError('invalid-option', 'The environment `sandbox` is the embedded platform.', {
  kind: 'invalid',
  hint: 'Nothing was written. Give the environment of a real platform another name:\nconnectorctl init --env production --platform URL',
});
