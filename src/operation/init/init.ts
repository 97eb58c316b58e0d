import path from 'node:path';
import { needsNaming } from '../../model/base-url.ts';
import { type Environment, workspaceFiles } from '../../model/environment.ts';
import { readDefinitionFiles } from '../../disk/read-definitions.ts';
import { parseDocuments } from '../../definition/parse-documents.ts';
import { exists, readText } from '../../disk/read-text.ts';
import { findRepository } from '../../disk/run-git.ts';
import { writeRepositoryFile } from '../../disk/write-file.ts';
import { UserError } from '../../model/user-error.ts';
import { visible } from '../../model/visible.ts';
import { isOurSchema } from '../editor-schemas.ts';
import { connectorsOf } from '../load-catalogue.ts';
import type { OperationResult, InitializedFile } from '../result.ts';
import { type EditorFile, listEditorSettings } from './editor-settings.ts';
import { listScaffolds } from './list-scaffolds.ts';
import { listSecrets } from './list-secrets.ts';
import { type OpenedWorkspace, openWorkspace, type WorkspaceOptions } from './open-workspace.ts';
import {
  listActionFiles,
  listCallbackPage,
  listEditorFiles,
  listWorkflows,
  type WantedFile,
  type WantedWorkflow,
} from './wanted-files.ts';
import { checkNotNewer, findDifferences, isUntouched } from './upgrade.ts';
import { findEnvironmentGap } from './workflow-gaps.ts';
import type { WorkflowSettings } from './workflow-settings.ts';
import { kindOf } from './workflow-parts.ts';
import { listVariables } from './workflow-variables.ts';
import { firstDefinitionFile, renderFirstDefinition } from './workspace-files.ts';

interface InitOptions extends WorkspaceOptions {
  /** Whether workflows and the Action are written. */
  readonly workflows: boolean;
  /** True: the Action, and workflows that nobody changed, are written anew as this version has them. */
  readonly upgrade?: boolean | undefined;
  /** True: files of editors are written or added to, and the schemas for editors follow the definitions. */
  readonly editor?: boolean | undefined;
  /** True: a page is written that a browser can come back to after consent. */
  readonly callbackPage?: boolean | undefined;
  /** The Action as `owner/repository/path@commit`; absent: it is put into the repository. */
  readonly action?: string | undefined;
  /** Keys of connectors that get a definition each, in place of the example. */
  readonly connectors?: readonly string[] | undefined;
}

/**
 * Writes what a repository needs: workspace file, first definition, schemas for editors, workflows, the Action.
 * Never changes a file that is there, but for those of editors when these are asked for: what such a file lacks is told instead. Sends nothing.
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
  const workflowSettings: WorkflowSettings = {
    environments: environments.map((one) => ({
      name: one.name,
      secrets: listSecrets(texts, one),
      provider: one.secrets?.kind,
      ownHost: ownHostOf(one),
    })),
    directory: path.relative(root, directory).replaceAll(path.sep, '/') || '.',
    ...(workspaceFiles.includes(file) ? {} : { configFile: file }),
    ...(options.action === undefined ? {} : { action: options.action }),
  };
  if (options.workflows) checkPlace(workflowSettings);
  const workflows = options.workflows ? listWorkflows(root, workflowSettings) : [];
  const action = options.workflows && options.action === undefined ? listActionFiles(root) : [];
  const { upgrade = false } = options;
  if (upgrade) checkNotNewer([...workflows, ...action]);
  const differences = upgrade ? findDifferences(workflows, cwd) : [];

  const files: InitializedFile[] = [];
  const used = connectorsOf(texts.flatMap((one) => parseDocuments(one.file, one.text).documents));
  const schemas = await listEditorFiles(directory, used);
  const { editor = false } = options;
  const settings = editor ? listEditorSettings(root, directory, path.basename(file)) : [];
  const lacking: Addition[] = [];
  for (const wanted of [...own, ...first]) files.push(await settle(wanted, { cwd, directory }));
  for (const wanted of schemas)
    files.push(await settle(wanted, { cwd, directory, refresh: (editor || upgrade) && isOurSchema }));
  for (const wanted of settings) {
    const { text, missing } = mergeInto(wanted);
    if (missing) lacking.push({ file: path.relative(cwd, wanted.path), lines: wanted.lines });
    files.push(await settle({ path: wanted.path, text }, { cwd, directory, refresh: !missing && always }));
  }
  for (const wanted of workflows) files.push(await settle(wanted, { cwd, directory, refresh: upgrade && isUntouched }));
  for (const wanted of action) files.push(await settle(wanted, { cwd, directory, refresh: upgrade && always }));
  const pages = options.callbackPage === true ? listCallbackPage(directory) : [];
  for (const wanted of pages) files.push(await settle(wanted, { cwd, directory }));
  return {
    kind: 'initialized',
    files,
    additions: workflows.flatMap((workflow) => listAdditions(workflow, cwd)),
    editorAdditions: lacking,
    differences,
    environments: options.workflows ? workflowSettings.environments : [],
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

interface SettleOptions {
  /** Absolute folder of the command. */
  readonly cwd: string;
  /** Absolute folder of the workspace. */
  readonly directory: string;
  /** Whether a file that is there with this text is written anew; never when absent. */
  readonly refresh?: false | ((before: string) => boolean) | undefined;
}

const always = (): boolean => true;

async function settle(
  { path: file, text }: WantedFile,
  { cwd, directory, refresh = false }: SettleOptions,
): Promise<InitializedFile> {
  const name = path.relative(cwd, file);
  if (!exists(file)) {
    await writeRepositoryFile(file, text, directory);
    return { file: name, status: 'written' };
  }
  const read = readText(file, maxBytes);
  if ('text' in read && read.text === text) return { file: name, status: 'unchanged' };
  if (refresh === false || !('text' in read) || !refresh(read.text)) return { file: name, status: 'kept' };
  await writeRepositoryFile(file, text, directory);
  return { file: name, status: 'changed' };
}

/** The file of an editor as it is to be; `missing` when it cannot be added to what is there. */
function mergeInto({ path: file, merge }: EditorFile): { readonly text: string; readonly missing: boolean } {
  const read = exists(file) ? readText(file, maxBytes) : undefined;
  if (read !== undefined && !('text' in read)) return { text: '', missing: true };
  const merged = merge(read?.text);
  return merged === undefined ? { text: '', missing: true } : { text: merged, missing: false };
}

/** The host that has to be named, where the address is of one's own. */
function ownHostOf({ platform, baseUrl }: Environment): string | undefined {
  if (platform === 'sandbox' || baseUrl === undefined || !needsNaming(baseUrl)) return undefined;
  return new URL(baseUrl).host;
}

/** What a workflow of the user's lacks: lines for the step, and environments that no job is for. */
function listAdditions({ path: file, settings }: WantedWorkflow, cwd: string): readonly Addition[] {
  const read = readText(file);
  const text = 'text' in read ? read.text : '';
  const name = path.relative(cwd, file);
  const kind = kindOf(path.basename(file, '.yaml'));
  const variables = listVariables(settings, kind).filter((one) => !new RegExp(String.raw`\b${one.name}\b`).test(text));
  const gap = findEnvironmentGap(
    text,
    settings.environments.map((one) => one.name),
  );
  return [
    ...(variables.length === 0 ? [] : [{ file: name, lines: variables.map(({ line }) => line) }]),
    ...(gap === undefined ? [] : [{ file: name, lines: [gap.line], environments: gap.missing }]),
  ];
}

type Addition = Extract<OperationResult, { kind: 'initialized' }>['additions'][number];

/** A repository that somebody else made chooses the names of its folders, and GitHub evaluates what stands in a workflow, in quotes too. */
function checkPlace({ directory, configFile = '' }: WorkflowSettings): void {
  const named = [directory, configFile].find((one) => one.includes('${{') || visible(one) !== one);
  if (named === undefined) return;
  throw new UserError('unfit-folder', `${named} cannot be named in a workflow.`, {
    kind: 'invalid',
    hint: 'Nothing was written. Rename it, as GitHub evaluates what stands between `${{` and `}}`; or write no workflows, with --no-workflows.',
  });
}

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
