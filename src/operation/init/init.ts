import path from 'node:path';
import { workspaceFiles } from '../../model/environment.ts';
import { readDefinitionFiles } from '../../disk/read-definitions.ts';
import { exists, readText } from '../../disk/read-text.ts';
import { findRepository } from '../../disk/run-git.ts';
import { writeRepositoryFile } from '../../disk/write-file.ts';
import { UserError } from '../../model/user-error.ts';
import type { OperationResult, InitializedFile } from '../result.ts';
import { listScaffolds } from './list-scaffolds.ts';
import { listSecrets } from './list-secrets.ts';
import { type OpenedWorkspace, openWorkspace, type WorkspaceOptions } from './open-workspace.ts';
import {
  listActionFiles,
  listEditorFiles,
  listWorkflows,
  type WantedFile,
  type WantedWorkflow,
} from './wanted-files.ts';
import { secretLine } from './workflow-parts.ts';
import type { WorkflowSettings } from './workflow-settings.ts';
import { firstDefinitionFile, renderFirstDefinition } from './workspace-files.ts';

interface InitOptions extends WorkspaceOptions {
  /** Whether workflows and the Action are written. */
  readonly workflows: boolean;
  /** The Action as `owner/repository/path@commit`; absent: it is put into the repository. */
  readonly action?: string | undefined;
  /** Keys of connectors that get a definition each, in place of the example. */
  readonly connectors?: readonly string[] | undefined;
}

/**
 * Writes what a repository needs: workspace file, first definition, schemas for editors, workflows, the Action.
 * Never changes a file that is there: what such a file lacks is told instead. Sends nothing.
 *
 * @param cwd absolute folder of the command
 */
export async function init(cwd: string, options: InitOptions): Promise<OperationResult> {
  if (options.action !== undefined) checkAction(options.action);
  const opened = await openWorkspace(cwd, options);
  if (!opened.ok) return { kind: 'checked', diagnostics: opened.diagnostics, files: 0, directory: cwd };
  const { directory, file, environments, files: own } = opened.value;

  const root = findRepository(directory) ?? directory;
  const { files: definitions } = await readDefinitionFiles(directory);
  const { connectors = [] } = options;
  const first =
    connectors.length > 0
      ? await listScaffolds(directory, { connectors, environments: limitsOf(opened.value, options) })
      : listFirst(opened.value, definitions.length > 0);
  const added = first.filter((one) => !exists(one.path)).map((one) => ({ file: one.path, text: one.text }));
  const texts = [...definitions, ...added];
  const settings: WorkflowSettings = {
    environments: environments.map((one) => ({ name: one.name, secrets: listSecrets(texts, one) })),
    directory: path.relative(root, directory).replaceAll(path.sep, '/') || '.',
    ...(workspaceFiles.includes(file) ? {} : { configFile: file }),
    ...(options.action === undefined ? {} : { action: options.action }),
  };
  const workflows = options.workflows ? listWorkflows(root, settings) : [];
  const action = options.workflows && options.action === undefined ? listActionFiles(root) : [];

  const files: InitializedFile[] = [];
  for (const wanted of [...own, ...first, ...listEditorFiles(directory), ...workflows, ...action]) {
    files.push({ file: path.relative(cwd, wanted.path), status: await settle(wanted, directory) });
  }
  return {
    kind: 'initialized',
    files,
    additions: workflows.flatMap((workflow) => listAdditions(workflow, cwd)),
    environments: options.workflows ? settings.environments : [],
    hasDefinitions: texts.length > 0,
    diagnostics: [],
  };
}

/** The first definition; none where no sandbox is, as no account may get an instance that nobody asked for. */
function listFirst({ directory, sandboxes }: OpenedWorkspace, hasDefinitions: boolean): readonly WantedFile[] {
  if (hasDefinitions || sandboxes.length === 0) return [];
  return [{ path: path.join(directory, firstDefinitionFile), text: renderFirstDefinition(sandboxes) }];
}

/** In a workspace that is there, `--env` also says which environments get the new instances. A new workspace has no others. */
function limitsOf({ files }: OpenedWorkspace, { environments = [] }: InitOptions): readonly string[] {
  return files.length === 0 ? environments : [];
}

/** More than any file that init writes: the bundle of the Action is the largest. */
const maxBytes = 16 * 1024 * 1024;

async function settle({ path: file, text }: WantedFile, directory: string): Promise<InitializedFile['status']> {
  if (exists(file)) {
    const read = readText(file, maxBytes);
    return 'text' in read && read.text === text ? 'unchanged' : 'kept';
  }
  await writeRepositoryFile(file, text, directory);
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

type Addition = Extract<OperationResult, { kind: 'initialized' }>['additions'][number];

/** A tag or a branch can be moved by whoever owns the repository: then somebody else's program gets the secrets. */
function checkAction(action: string): void {
  if (/^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40}$/.test(action)) return;
  throw new UserError(
    'invalid-action',
    'The Action must be pinned to a commit: OWNER/REPOSITORY/PATH@ followed by 40 hex digits.',
    {
      kind: 'invalid',
      hint: 'Nothing was written. A tag or a branch can be moved to other code, which would get your secrets. Omit --action to keep the Action in your repository.',
    },
  );
}
