import { parseDocuments } from '../definition/parse-documents.ts';
import { type Checked, type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import { type Environment, whichEnvironment, type Workspace } from '../model/environment.ts';
import type { ParsedDocument } from '../model/position.ts';
import { decodeWorkspace } from './decode-workspace.ts';
import { findWorkspace, type WorkspaceText } from './find-workspace.ts';

interface WorkspacePlace {
  readonly cwd: string;
  /** The file to read instead of searching; relative to `cwd` or absolute. */
  readonly configFile?: string | undefined;
}

/** Finds, reads and checks the workspace file. Every problem at once, with its place. Runs nothing from the repository. */
export async function loadWorkspace({ cwd, configFile }: WorkspacePlace): Promise<Checked<Workspace>> {
  const found = await findWorkspace(cwd, configFile);
  return found.ok ? readWorkspace(found.value) : found;
}

/** Checks the text of a workspace file, wherever it comes from. Every problem at once, with its place. */
export function readWorkspace({ directory, file, text }: WorkspaceText): Checked<Workspace> {
  const { documents, diagnostics } = parseDocuments(file, text);
  if (hasErrors(diagnostics)) return { ok: false, diagnostics };

  const [document, second] = documents;
  if (!document) return { ok: false, diagnostics: [emptyFile(file)] };
  if (second) return { ok: false, diagnostics: [severalDocuments(second)] };
  return decodeWorkspace(document, directory);
}

/** The environment with that name; without a name, the default one or the only one. */
export function selectEnvironment(workspace: Workspace, name?: string): Checked<Environment> {
  const { environments, defaultEnvironment } = workspace;
  const names = [...environments.keys()];
  const wanted = name ?? defaultEnvironment ?? (names.length === 1 ? names[0] : undefined);
  const environment = wanted === undefined ? undefined : environments.get(wanted);
  if (environment) return { ok: true, value: environment, diagnostics: [] };
  return {
    ok: false,
    diagnostics: [wanted === undefined ? noneChosen(names) : unknownEnvironment(wanted, environments)],
  };
}

function emptyFile(file: string): Diagnostic {
  return {
    severity: 'error',
    code: 'empty-workspace',
    message: 'Workspace file is empty',
    detail: `${file} contains nothing but comments.`,
    hint: 'It needs `version: 1`, a `workspace` and at least one of `environments`.',
    at: { file, line: 1, column: 1 },
  };
}

function severalDocuments(second: ParsedDocument): Diagnostic {
  return {
    severity: 'error',
    code: 'several-documents',
    message: 'Several documents in the workspace file',
    detail: 'A workspace file must contain one YAML document. A second one begins here.',
    at: second.at(''),
  };
}

function noneChosen(names: readonly string[]): Diagnostic {
  return {
    severity: 'error',
    code: 'no-environment',
    message: 'No environment chosen',
    detail: `The workspace has several environments and no \`defaultEnvironment\`: ${list(names)}.`,
    hint: 'Choose one with --env.',
  };
}

function unknownEnvironment(name: string, environments: Workspace['environments']): Diagnostic {
  return {
    severity: 'error',
    code: 'unknown-environment',
    message: 'Unknown environment',
    detail: `The workspace has no environment \`${name}\`. It has ${list([...environments.keys()])}.`,
    hint:
      whichEnvironment(name, environments) ??
      'Choose one of these with --env, or add it to `environments` in the workspace file.',
  };
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
