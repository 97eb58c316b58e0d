import type { DesiredInstance } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { hasErrors } from '../model/diagnostic.ts';
import type { Environment, Workspace } from '../model/environment.ts';
import { workspaceFiles } from '../config/explorer.ts';
import { readWorkspace } from '../config/load-workspace.ts';
import { parseDocuments } from '../definition/parse-documents.ts';
import { findBase } from '../disk/find-base.ts';
import { type CommittedTree, readTreeAt } from '../disk/read-tree-at.ts';
import { referenceSecrets } from '../secret/reference-secrets.ts';
import { compareSettings, isSamePlatform } from './compare-settings.ts';
import { checkFiles, type LoadedDefinitions } from './load-definitions.ts';
import type { OperationPorts } from './operation-ports.ts';
import { resolveEach } from './resolve-desired.ts';

/** What another commit wants of the environment. */
export interface BaseDefinitions {
  /** Full hash of the commit that was read. */
  readonly commit: string;
  /** Name of its workspace. */
  readonly workspace: string;
  /** Empty when it does not have the environment, or has it on another platform. */
  readonly desired: readonly DesiredInstance[];
  /** What a reader must know before the comparison, a sentence each. */
  readonly remarks: readonly string[];
}

type Head = Pick<LoadedDefinitions, 'workspace' | 'environment'>;

/** Part of what the base says: what it wants, and what there is to say about that. */
type Part = Pick<BaseDefinitions, 'desired' | 'remarks'> & Partial<Pick<BaseDefinitions, 'workspace'>>;

/**
 * Reads the definitions at the commit where HEAD left the ref. What is broken there counts as not there, and is named.
 * Throws a UserError when there is no such commit, or git cannot read it.
 */
export async function loadBase(head: Head, ref: string, { env }: OperationPorts): Promise<BaseDefinitions> {
  const { directory, file } = head.workspace;
  const place = { directory, env };
  const { commit, isMergeBase } = findBase(ref, place);
  const names = workspaceFiles.some((name) => name === file) ? workspaceFiles : [file];
  const tree = readTreeAt(commit, names, place);
  const part = await readPart(tree, head);
  const unrelated = isMergeBase
    ? []
    : [
        `HEAD and ${ref} have no commit in common that is stored here. What others changed on ${ref} looks undone here.`,
      ];
  const remarks = [
    ...unrelated,
    ...part.remarks,
    ...tree.faults.map(({ file: name, why }) => `At the base, ${name} ${why}: ${absent}`),
  ];
  return { commit, workspace: head.workspace.name, ...part, remarks };
}

const absent = 'it counts as not there.';
const allNew = 'Everything counts as new.';

async function readPart({ workspace: committed, files }: CommittedTree, head: Head): Promise<Part> {
  const { directory, file, name } = head.workspace;
  if (committed === undefined) return nothing(`The base has no ${file} here. ${allNew}`);
  const decoded = readWorkspace({ directory, ...committed }, parseDocuments);
  if (!decoded.ok)
    return nothing(`At the base, the workspace file is not valid: ${listPlaces(decoded.diagnostics)}. ${allNew}`);

  const workspace = decoded.value;
  const environment = workspace.environments.get(head.environment.name);
  if (environment === undefined) {
    return nothing(`The base has no environment ${head.environment.name}. ${allNew}`);
  }
  const settings = compareSettings(environment, head.environment);
  if (!isSamePlatform(environment, head.environment)) {
    const [from, to] = [environment, head.environment].map(({ platform, baseUrl }) => baseUrl ?? platform);
    const moved = `The environment leads to another platform: ${from} → ${to}. What stands there is not known without asking it. ${allNew}`;
    return { desired: [], remarks: [moved, ...settings] };
  }
  const { desired, remarks } = await readDesired(workspace, environment, files);
  const renamed =
    workspace.name === name
      ? []
      : [
          `The workspace changes its name: ${workspace.name} → ${name}. What ${workspace.name} manages is left alone, and all of it is made a second time.`,
        ];
  return { workspace: workspace.name, desired, remarks: [...renamed, ...settings, ...remarks] };
}

function nothing(remark: string): Part {
  return { desired: [], remarks: [remark] };
}

/** Files with errors are left out, and what is left is checked again, until all of it is right. */
async function readDesired(
  workspace: Workspace,
  environment: Environment,
  files: CommittedTree['files'],
): Promise<Part> {
  const read = { files, named: [], diagnostics: [] };
  const loaded = await checkFiles({ workspace, environment }, read, { secretSource: referenceSecrets });
  if (!hasErrors(loaded.diagnostics)) {
    const { values, diagnostics } = resolveEach(loaded);
    return { desired: values, remarks: toInvalid(diagnostics) };
  }
  const broken = new Set(loaded.diagnostics.filter(isError).map(({ at }) => at?.file));
  const sound = files.filter(({ file }) => !broken.has(file));
  const rest = sound.length < files.length ? await readDesired(workspace, environment, sound) : nothing(allNew);
  return { ...rest, remarks: [...toInvalid(loaded.diagnostics), ...rest.remarks] };
}

function toInvalid(diagnostics: readonly Diagnostic[]): readonly string[] {
  const errors = diagnostics.filter(isError);
  return errors.length === 0
    ? []
    : [`At the base, definitions are not valid and count as not there: ${listPlaces(errors)}.`];
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** More places than these are counted instead of named. */
const mostPlaces = 3;

function listPlaces(diagnostics: readonly Diagnostic[]): string {
  const places = diagnostics.map(({ at, message }) =>
    at === undefined ? message : `${at.file}:${at.line} ${message}`,
  );
  const rest = places.length > mostPlaces ? [`${places.length - mostPlaces} more`] : [];
  return [...places.slice(0, mostPlaces), ...rest].join(', ');
}
