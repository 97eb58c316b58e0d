import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, lstatSync, mkdirSync, openSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import path from 'node:path';
import { geteuid } from 'node:process';
import { UserError } from '../model/user-error.ts';
import { findTracked } from './git-index.ts';
import { exists, isSystemError } from './read-text.ts';
import { findRepository } from './run-git.ts';
import { privateMode } from './write-file.ts';

const folderName = '.connectorctl';

/** Path of the folder, whether it exists or not. Only for messages: what is read or written there goes through the functions below. */
export function stateFolderOf(directory: string): string {
  return path.join(directory, folderName);
}

/**
 * The folder `.connectorctl` of a workspace, created when it is missing. It holds what a run leaves behind, and is never part of the repository:
 * a repository could bring links that lead anywhere, and files that say what this tool never said.
 * Throws a UserError of kind `invalid` when it is a link or lies behind one, when git tracks anything in it, or when this user did not make it.
 * @param directory absolute folder of the workspace
 */
export function openStateFolder(directory: string): string {
  const folder = checkStateFolder(directory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  checkOwn(folder);
  const ignore = path.join(folder, '.gitignore');
  if (!exists(ignore)) writeNew(ignore, '*\n');
  return folder;
}

/** The folder when it is there, checked as `openStateFolder` does. Nothing is made. */
export function findStateFolder(directory: string): string | undefined {
  const folder = checkStateFolder(directory);
  if (!exists(folder)) return undefined;
  checkOwn(folder);
  return folder;
}

/**
 * Path of a file in the state folder, to be written, appended to or read. Makes the folders between.
 * Throws a UserError of kind `invalid` when any part of it is a link, or was not made by this user.
 * @param name relative to the folder, with `/`
 */
export function stateFileOf(folder: string, name: string): string {
  const { parents, file } = placesOf(folder, name);
  for (const parent of parents) {
    refuseLink(parent);
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    checkOwn(parent);
  }
  refuseLink(file);
  if (exists(file)) checkOwn(file);
  return file;
}

/** Path of a file that is there, to be read: checked as `stateFileOf` does, and nothing is made, as the disk may be one that is only read. */
export function findStateFile(folder: string, name: string): string | undefined {
  const { parents, file } = placesOf(folder, name);
  for (const place of [...parents, file]) {
    refuseLink(place);
    if (!exists(place)) return undefined;
    checkOwn(place);
  }
  return file;
}

/** The file, and the folders between, from above. */
function placesOf(folder: string, name: string): { readonly parents: readonly string[]; readonly file: string } {
  const parts = name.split('/');
  if (!parts.every(isPlainName)) throw new Error(`${JSON.stringify(name)} cannot be the name of a file of ours`);
  const parents = parts.slice(0, -1).map((_, index) => path.join(folder, ...parts.slice(0, index + 1)));
  return { parents, file: path.join(folder, ...parts) };
}

/**
 * Checks a path that the user named, such as that of a plan file, when it lies in a state folder. Any other is left as it is.
 * Throws as `openStateFolder` and `stateFileOf` do.
 */
export function guardStatePath(file: string): string {
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf(folderName);
  if (at === -1 || at === parts.length - 1) return file;
  return needStateFile(parts.slice(0, at).join(path.sep) || path.sep, parts.slice(at + 1).join('/'), 'This run');
}

/**
 * From the root of the repository down, as everything below it may be the repository's. What is above is the user's own:
 * a home folder that is a link is nothing unusual.
 */
function checkStateFolder(directory: string): string {
  const root = findRepository(directory) ?? directory;
  const folder = stateFolderOf(directory);
  const parts = path.relative(root, folder).split(path.sep);
  for (const index of parts.keys()) refuseLink(path.join(root, ...parts.slice(0, index + 1)));
  const tracked = findTracked(root, folder);
  if (tracked !== undefined) throw trackedByGit(tracked);
  return folder;
}

/**
 * A file in the state folder that a run cannot do without. Throws a UserError when the disk refuses, and as `openStateFolder` and `stateFileOf` do.
 * @param use what it is needed for, as the beginning of a sentence: `The embedded sandbox`
 */
export function needStateFile(directory: string, name: string, use: string): string {
  try {
    return stateFileOf(openStateFolder(directory), name);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError(
      'state-folder-unwritable',
      `${use} cannot write to ${stateFolderOf(directory)} (${error.code ?? error.message}).`,
      {
        hint: 'Nothing was sent. Make the folder writable, or free some space.',
        cause: error,
      },
    );
  }
}

function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

function refuseLink(place: string): void {
  if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new UserError('state-folder-linked', `${place} is a symbolic link.`, {
    kind: 'invalid',
    hint: 'connectorctl keeps its own files in .connectorctl and follows no link there: what it writes could replace any file of yours. Nothing was sent. Find out where the link comes from, then remove it.',
  });
}

/**
 * What we make only we can read and write. What git, an archive or another user put there is known by its mode or its owner.
 * A file system that keeps neither shows the same for a file that we make now.
 */
function checkOwn(place: string): void {
  const stat = lstatSync(place);
  if (stat.isSymbolicLink()) refuseLink(place);
  const user = geteuid?.();
  // Windows has neither.
  if (user === undefined || (stat.uid === user && !isShared(stat))) return;
  const folder = stat.isDirectory() ? place : path.dirname(place);
  const made = tryFile(folder);
  if (made !== undefined && made.uid === stat.uid && (!isShared(stat) || isShared(made))) return;
  throw new UserError('state-folder-foreign', `${place} was not made by connectorctl for this user.`, {
    kind: 'invalid',
    hint: `Its owner or its permissions are not those that connectorctl gives (this user only, ${stat.isDirectory() ? '0700' : '0600'}), so somebody else may have put it there. Nothing was sent. Remove it; connectorctl makes what it needs.`,
  });
}

function isShared({ mode }: Stats): boolean {
  return (mode & 0o077) !== 0;
}

/** What the file system says of a new file of ours; undefined when we may not make one. */
function tryFile(folder: string): Stats | undefined {
  const file = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    const handle = openSync(file, 'wx', privateMode);
    try {
      return fstatSync(handle);
    } finally {
      closeSync(handle);
      rmSync(file, { force: true });
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return undefined;
  }
}

/** Another process may make the same file at the same time. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: privateMode });
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'EEXIST') throw error;
  }
}

function trackedByGit(file: string): UserError {
  return new UserError('state-folder-tracked', `Git tracks ${file}, but ${folderName} belongs to connectorctl alone.`, {
    kind: 'invalid',
    hint: `A repository must not bring locks, marks or sandbox data: they would be taken for connectorctl's own. Nothing was sent. Take it out of the repository, in the folder of the workspace:\n  git rm -r --cached ${folderName}\nand add a line to .gitignore:\n  ${folderName}/`,
  });
}
