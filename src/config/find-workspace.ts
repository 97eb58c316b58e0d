import type { PublicExplorer } from 'cosmiconfig';
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { exists, isSystemError, maxFileSize } from '../disk/read-text.ts';
import { findRepository } from '../disk/run-git.ts';
import type { Checked, Diagnostic } from '../model/diagnostic.ts';
import { workspaceFiles } from '../model/environment.ts';
import { type LoadedText, makeExplorer } from './explorer.ts';

/** A workspace file as found on disk. */
export interface WorkspaceText extends LoadedText {
  /** Absolute path of its folder. */
  readonly directory: string;
  /** Its name in that folder. */
  readonly file: string;
}

/**
 * Reads the workspace file that was named, or the first one from the current folder up to the root of the repository:
 * the folder that holds `.git`. Outside a repository no parent folder is searched, because anybody may be able to write there.
 *
 * @param configFile path of the file, relative to `cwd` or absolute
 */
export async function findWorkspace(cwd: string, configFile?: string): Promise<Checked<WorkspaceText>> {
  const explorer = makeExplorer();
  if (configFile !== undefined) return readNamed(explorer, path.resolve(cwd, configFile), path.resolve(cwd));

  const start = path.resolve(cwd);
  const root = findRepository(start) ?? start;
  for (const folder of foldersUpTo(root, start)) {
    const file = workspaceFiles.map((name) => path.join(folder, name)).find(exists);
    if (file !== undefined) return readFound(explorer, file, root);
  }
  return failure(notFound);
}

function foldersUpTo(root: string, folder: string): readonly string[] {
  return folder === root ? [folder] : [folder, ...foldersUpTo(root, path.dirname(folder))];
}

async function readNamed(explorer: PublicExplorer, file: string, cwd: string): Promise<Checked<WorkspaceText>> {
  if (!/\.(?:ya?ml|json)$/.test(file)) return failure({ ...notYaml, at: startOf(file) });
  const refusal = refuse(file, rootOf(file, cwd));
  return refusal ? failure(refusal) : checkLoaded(file, await attempt(explorer.load(file)));
}

/**
 * The repository that a named file belongs to: that of the command, as a folder in it could be a link to another one; else its own.
 * A file of no repository is the user's own choice.
 */
function rootOf(file: string, cwd: string): string | undefined {
  const root = findRepository(cwd);
  return root !== undefined && file.startsWith(root + path.sep) ? root : findRepository(path.dirname(file));
}

async function readFound(explorer: PublicExplorer, file: string, root: string): Promise<Checked<WorkspaceText>> {
  const refusal = refuse(file, root);
  return refusal ? failure(refusal) : checkLoaded(file, await attempt(explorer.search(path.dirname(file))));
}

/** Why a file must not even be opened. */
function refuse(file: string, root?: string): Diagnostic | undefined {
  const at = startOf(file);
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return { ...notAFile, at };
    if (stat.size > maxFileSize) return { ...tooLarge, at };
    if (root !== undefined && !realpathSync(file).startsWith(realpathSync(root) + path.sep)) return { ...outside, at };
    return undefined;
  } catch (error) {
    return unreadable(file, error);
  }
}

type Loaded = { readonly result: Awaited<ReturnType<PublicExplorer['load']>> } | { readonly error: unknown };

async function attempt(loading: ReturnType<PublicExplorer['load']>): Promise<Loaded> {
  try {
    return { result: await loading };
  } catch (error) {
    return { error };
  }
}

function checkLoaded(file: string, loaded: Loaded): Checked<WorkspaceText> {
  if ('error' in loaded) return failure(unreadable(file, loaded.error));
  // cosmiconfig goes on to the next name when the operating system refuses a file.
  if (loaded.result?.filepath !== file) return failure(unreadable(file, undefined));

  // cosmiconfig hands no text on when there are only blanks.
  const config: LoadedText | undefined = loaded.result.config;
  const text = config?.text ?? '';
  if (text.includes('\ufffd')) return failure({ ...notUtf8, at: startOf(file) });
  const value = { directory: path.dirname(file), file: path.basename(file), text };
  return { ok: true, value, diagnostics: [] };
}

function failure(diagnostic: Diagnostic): Checked<never> {
  return { ok: false, diagnostics: [diagnostic] };
}

function startOf(file: string): Diagnostic['at'] & object {
  return { file: path.basename(file), line: 1, column: 1 };
}

function unreadable(file: string, error: unknown): Diagnostic {
  if (error !== undefined && !isSystemError(error)) throw error;
  const code = error?.code === undefined ? '' : ` (${error.code})`;
  return {
    severity: 'error',
    code: 'unreadable',
    message: 'Cannot be read',
    detail: `The operating system refused to read ${file}${code}.`,
    at: startOf(file),
  };
}

const notFound: Diagnostic = {
  severity: 'error',
  code: 'no-workspace',
  message: 'No workspace file',
  detail: 'There is no `connectorctl.yaml` in this folder or above it in the repository. It defines the environments.',
  hint: 'Create one with:\nconnectorctl init\nor write it yourself:\nversion: 1\nworkspace: my-integrations\nenvironments:\n  sandbox:\n    platform: sandbox',
};

const notYaml: Diagnostic = {
  severity: 'error',
  code: 'not-yaml',
  message: 'Not a YAML or JSON file',
  detail: 'The name of a workspace file ends in `.yaml`, `.yml` or `.json`. Nothing else is read, and nothing is run.',
};

const notAFile: Diagnostic = {
  severity: 'error',
  code: 'not-a-file',
  message: 'Not a regular file',
  detail: 'Only regular files are read, not folders, pipes or devices.',
};

const tooLarge: Diagnostic = {
  severity: 'error',
  code: 'file-too-large',
  message: 'File is too large',
  detail: `The file is larger than ${maxFileSize / 1024 / 1024} MiB and was not read.`,
};

const outside: Diagnostic = {
  severity: 'error',
  code: 'symlink-outside',
  message: 'Link leads out of the repository',
  detail:
    'The workspace file is a symbolic link to a file outside the repository. It could expose any file of this machine.',
};

const notUtf8: Diagnostic = {
  severity: 'error',
  code: 'not-utf8',
  message: 'Not UTF-8 text',
  detail: 'The file contains bytes that are not UTF-8 (or the replacement character U+FFFD). Save it as UTF-8.',
};
