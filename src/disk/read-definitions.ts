import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

import type { Diagnostic } from '../model/diagnostic.ts';
import { definitionsFolder } from '../model/environment.ts';
import { isInside, isSystemError, maxFileSize, readText, unreadable } from './read-text.ts';
import { findUnread, mostUnread } from './unread-definitions.ts';

/** How many files one workspace may hold. */
export const maxFiles = 50_000;

/** How many bytes all of them may have together, and how many those that are there under a second name. */
const maxBytes = 64 * 1024 * 1024;
const maxLinkedBytes = 1024 * 1024;

export interface DefinitionFiles {
  /** Sorted by path. `file` is relative to the workspace folder, with `/`. */
  readonly files: readonly { readonly file: string; readonly text: string }[];
  /** With any error among them, the files are not all that there is. */
  readonly diagnostics: readonly Diagnostic[];
}

interface Walk {
  /** Real path of the workspace folder. */
  readonly root: string;
  /** Paths relative to the root, with `/`. */
  readonly found: Set<string>;
  /** Other files of the folder, which no ending marks as definitions. */
  readonly others: string[];
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads the definition files of a workspace: `.yaml` and `.yml` below `instances/`, hidden ones left out.
 * What cannot be read is an error and never passes for "nothing there". A link may only lead to a file inside the folder;
 * links to folders are not followed, so that each file has one path and a circle of links does no harm.
 *
 * @param directory absolute path of the workspace folder
 * @param only read these files instead; absolute, or relative to the workspace folder, and inside it
 */
export function readDefinitionFiles(directory: string, only?: readonly string[]): Promise<DefinitionFiles> {
  return Promise.resolve(readAll(directory, only));
}

function readAll(directory: string, only: readonly string[] | undefined): DefinitionFiles {
  const root = realpathSync(directory);
  const diagnostics: Diagnostic[] = [];
  const walk: Walk = { root, found: new Set(), others: [], diagnostics };
  if (only) for (const file of only) addNamed(walk, path.relative(root, realParent(path.resolve(root, file))));
  else addFolder(walk);

  const files: { readonly file: string; readonly text: string }[] = [];
  const faults: Diagnostic[] = [];
  const findExcess = openMeasure();
  for (const file of [...walk.found].toSorted()) {
    let excess: Diagnostic | undefined;
    const read = readText(path.join(root, file), maxFileSize, (stat) => (excess = findExcess(file, stat)));
    if (excess !== undefined) return { files: [], diagnostics: [...diagnostics, excess] };
    if ('text' in read) files.push({ file, text: read.text });
    else faults.push(refusal(file, read.fault));
  }
  return { files, diagnostics: [...diagnostics, ...faults, ...findUnread(root, walk.others.toSorted(), walk.found)] };
}

/**
 * Tells of each file that is about to be read why it is too much. Links are counted by what they lead to: a hundred names of one large file cost as much as a
 * hundred files, and take up no room in the repository. Hard links are the same to the disk.
 */
function openMeasure(): (file: string, stat: Stats) => Diagnostic | undefined {
  const seen = new Map<number, Set<number>>();
  let [bytes, linked] = [0, 0];
  return (file, { dev, ino, size }) => {
    const known = seen.get(dev) ?? new Set();
    seen.set(dev, known);
    bytes += size;
    if (known.has(ino)) linked += size;
    known.add(ino);
    if (linked > maxLinkedBytes) return refusal(file, tooManyLinks);
    return bytes > maxBytes ? refusal(definitionsFolder, tooManyBytes) : undefined;
  };
}

/** The path with links in its folders followed, so that it can be compared with the root. */
function realParent(file: string): string {
  try {
    return path.join(realpathSync(path.dirname(file)), path.basename(file));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return file;
  }
}

function addNamed(walk: Walk, relative: string): void {
  const file = withSlashes(relative);
  if (!isInside(walk.root, path.join(walk.root, relative))) {
    walk.diagnostics.push(refusal(file, outsideWorkspace));
  } else if (!isDefinitionFile(file)) {
    const isFolder = statSync(path.join(walk.root, relative), { throwIfNoEntry: false })?.isDirectory() === true;
    walk.diagnostics.push(refusal(file || '.', isFolder ? folderNamed : notYaml));
  } else {
    addLink(walk, file);
  }
}

function addFolder(walk: Walk): void {
  const type = typeOf(walk, definitionsFolder);
  if (type === 'folder') addFrom(walk, definitionsFolder);
  else if (type !== undefined) walk.diagnostics.push(refusal(definitionsFolder, noFolder));
}

/** Adds what a folder holds. False once there are too many files. */
function addFrom(walk: Walk, folder: string): boolean {
  for (const entry of list(walk, folder)) {
    const file = `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      if (!addFrom(walk, file)) return false;
    } else if (entry.isSymbolicLink()) {
      addLink(walk, file);
    } else if (isDefinitionFile(file)) {
      walk.found.add(file);
    } else if (walk.others.length < mostUnread) {
      walk.others.push(file);
    }
    if (walk.found.size > maxFiles) {
      walk.found.clear();
      walk.diagnostics.push(refusal(definitionsFolder, tooManyFiles));
      return false;
    }
  }
  return true;
}

function addLink(walk: Walk, file: string): void {
  const type = typeOf(walk, file);
  if (type === 'file' && isDefinitionFile(file)) walk.found.add(file);
  if (type === 'folder' && isDefinitionFile(file)) walk.diagnostics.push(refusal(file, folderNotFile));
}

/** What a path leads to; undefined, with an error, when it leads out of its folder or nowhere. */
function typeOf({ root, diagnostics }: Walk, file: string): 'file' | 'folder' | undefined {
  try {
    const real = realpathSync(path.join(root, file));
    if (isInside(fenceOf(root, file), real)) return statSync(real).isDirectory() ? 'folder' : 'file';
    diagnostics.push(refusal(file, linkOutside));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const isGone = error.code === 'ENOENT' && file === definitionsFolder;
    diagnostics.push(refusal(file, isGone ? noFolder : unreadable(error)));
  }
  return undefined;
}

/** The folder that a link must not leave. */
function fenceOf(root: string, file: string): string {
  return isInside(definitionsFolder, file) ? path.join(root, definitionsFolder) : root;
}

function list({ root, diagnostics }: Walk, folder: string) {
  try {
    return readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    diagnostics.push(refusal(folder, unreadable(error)));
    return [];
  }
}

function isDefinitionFile(file: string): boolean {
  return /\.ya?ml$/.test(file);
}

function withSlashes(file: string): string {
  return file.replaceAll(path.sep, '/');
}

type FileProblem = Pick<Diagnostic, 'code' | 'message' | 'detail' | 'hint'>;

function refusal(file: string, words: FileProblem): Diagnostic {
  return { severity: 'error', ...words, at: { file, line: 1, column: 1 } };
}

const noFolder: FileProblem = {
  code: 'no-instances-folder',
  message: 'No definitions',
  detail: 'The workspace has no folder `instances/`. Continuing would look as if every definition had been deleted.',
  hint: 'Create the folder, or write a first definition with:\nconnectorctl init',
};

const linkOutside: FileProblem = {
  code: 'symlink-outside',
  message: 'Link leads out of the folder',
  detail:
    'A symbolic link must not lead out of the folder of the definitions: it could expose any file of this machine.',
};

const folderNotFile: FileProblem = {
  code: 'not-a-file',
  message: 'Not a regular file',
  detail: 'Only regular files are read, not folders, pipes or devices.',
};

const outsideWorkspace: FileProblem = {
  code: 'outside-workspace',
  message: 'File is outside the workspace',
  detail: 'Only files inside the folder of the workspace file can be read.',
};

const folderNamed: FileProblem = {
  code: 'not-a-file',
  message: 'A folder, not a file',
  detail: 'Files are checked by their names, and this is the name of a folder.',
  hint: `Name its files. Without any name, all definitions in \`${definitionsFolder}/\` are checked:\nconnectorctl validate`,
};

const notYaml: FileProblem = {
  code: 'not-yaml',
  message: 'Not a YAML file',
  detail: 'The name of a definition file must end in `.yaml` or `.yml`.',
};

const tooManyLinks: FileProblem = {
  code: 'too-many-links',
  message: 'Too many names for the same file',
  detail: `Links to files that are definitions already may lead to at most ${maxLinkedBytes / 1024 / 1024} MiB in all. None is used.`,
  hint: 'Write one file for each definition.',
};

const tooManyBytes: FileProblem = {
  code: 'too-many-bytes',
  message: 'Too much text',
  detail: `The definition files of a workspace may have at most ${maxBytes / 1024 / 1024} MiB together. None is used.`,
};

const tooManyFiles: FileProblem = {
  code: 'too-many-files',
  message: 'Too many files',
  detail: `A workspace may contain at most ${maxFiles} definition files. None was read.`,
};
