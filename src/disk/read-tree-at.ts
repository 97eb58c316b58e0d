import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import { definitionsFolder } from '../model/environment.ts';
import { UserError } from '../model/user-error.ts';
import { maxFiles } from './read-definitions.ts';
import { maxFileSize } from './read-text.ts';
import { type GitPlace, runGit } from './run-git.ts';

interface CommittedFile {
  /** Relative to the workspace folder, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** What a commit holds of a workspace. */
export interface CommittedTree {
  /** The workspace file; absent when the commit has none that can be read. */
  readonly workspace?: CommittedFile;
  /** Definition files, sorted by path. */
  readonly files: readonly CommittedFile[];
  /** Files that are left out, and why: `is a submodule`. */
  readonly faults: readonly { readonly file: string; readonly why: string }[];
}

interface TreeEntry {
  readonly file: string;
  readonly mode: string;
  readonly object: string;
  /** In bytes; NaN for anything but a blob. */
  readonly size: number;
}

interface Listing {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly faults: { file: string; why: string }[];
}

const linkMode = '120000';

/** In bytes. No system follows a longer path. */
const longestPath = 4096;

/**
 * Reads what a commit holds of a workspace: the same files, with the same limits, as are read from the working tree.
 * A link counts when it leads to a file below `instances/`. What cannot be read is named.
 * @param commit full hash
 * @param workspaceFiles names that the workspace file may have, the first one found counting
 */
export function readTreeAt(commit: string, workspaceFiles: readonly string[], place: GitPlace): CommittedTree {
  const listing = listEntries(commit, workspaceFiles, place);
  const { entries, faults } = listing;
  const name = workspaceFiles.find((one) => entries.has(one));
  const definitions = [...entries.keys()].filter(isDefinitionFile).toSorted();
  if (definitions.length > maxFiles) {
    return { files: [], faults: [...faults, { file: definitionsFolder, why: `has more than ${maxFiles} files` }] };
  }

  if (entries.has(definitionsFolder)) faults.push({ file: definitionsFolder, why: 'is not a folder' });

  const targets = readLinks(definitions, listing, place);
  const wanted = [...(name === undefined ? [] : [name]), ...definitions];
  const blobs = wanted.flatMap((file) => findBlob(file, targets.get(file), listing));
  const texts = readBlobs(blobs, place);
  const read = blobs.flatMap(({ file, object }): readonly CommittedFile[] => {
    const bytes = texts.get(object);
    if (bytes === undefined) throw unreadable(file, 'it is not in this clone.');
    if (isUtf8(bytes)) return [{ file, text: bytes.toString('utf8') }];
    faults.push({ file, why: 'is not UTF-8 text' });
    return [];
  });
  const workspace = read.find(({ file }) => file === name);
  return { files: read.filter((one) => one !== workspace), faults, ...(workspace && { workspace }) };
}

/** Paths are relative to the folder in which git runs: that of the workspace. */
function listEntries(commit: string, workspaceFiles: readonly string[], place: GitPlace): Listing {
  const paths = [definitionsFolder, ...workspaceFiles].map((name) => `./${name}`);
  const { status, stdout, stderr } = runGit(['ls-tree', '-r', '-z', '-l', commit, ...paths], place);
  if (status !== 0) throw unreadable(commit, stderr);

  const entries = new Map<string, TreeEntry>();
  const faults: Listing['faults'] = [];
  for (const line of splitAtZero(stdout)) {
    const [head = '', ...rest] = line.toString('latin1').split('\t');
    const [mode = '', type, object = '', size] = head.split(/ +/);
    const name = line.subarray(head.length + 1);
    const file = isUtf8(name) ? name.toString('utf8') : undefined;
    if (file === undefined) faults.push({ file: rest.join('\t'), why: 'has a name that is not UTF-8' });
    else if (type === 'commit') faults.push({ file, why: 'is a submodule' });
    else entries.set(file, { file, mode, object, size: Number(size) });
  }
  return { entries, faults };
}

/** Where the links among the files lead, as paths of the commit. */
function readLinks(
  files: readonly string[],
  { entries }: Listing,
  place: GitPlace,
): ReadonlyMap<string, string | undefined> {
  const links = files.flatMap((file) => entries.get(file) ?? []).filter(isLink);
  const texts = readBlobs(links, place);
  return new Map(
    links.map(({ file, object }) => {
      const target = texts.get(object)?.toString('utf8');
      return [file, target && path.posix.join(path.posix.dirname(file), target)];
    }),
  );
}

/** The blob that holds a file, when it may be read. */
function findBlob(file: string, target: string | undefined, { entries, faults }: Listing): readonly TreeEntry[] {
  const isInside = target?.startsWith(`${definitionsFolder}/`) ?? true;
  const entry = entries.get((isInside ? target : undefined) ?? file);
  if (entry === undefined || entry.mode === linkMode) {
    faults.push({ file, why: `is a symbolic link that does not lead to a file below ${definitionsFolder}/` });
    return [];
  }
  // Without the object there is no size. Leaving the file out would make its definition look new.
  if (Number.isNaN(entry.size)) throw unreadable(file, 'it is not in this clone.');
  if (entry.size <= maxFileSize) return [{ ...entry, file }];
  faults.push({ file, why: `has ${entry.size} bytes; ${maxFileSize} are allowed` });
  return [];
}

/** Contents by hash. `--batch` applies no filter and no conversion of line ends. */
function readBlobs(entries: readonly TreeEntry[], place: GitPlace): ReadonlyMap<string, Buffer> {
  const objects = [...new Set(entries.map(({ object }) => object))];
  if (objects.length === 0) return new Map();
  const { status, stdout, stderr } = runGit(['cat-file', '--batch'], place, objects.map((one) => `${one}\n`).join(''));
  if (status !== 0) throw unreadable('the base', stderr);

  const contents = new Map<string, Buffer>();
  for (let at = 0; at < stdout.length;) {
    const end = stdout.indexOf('\n', at);
    const [object = '', type, size] = stdout.toString('latin1', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    contents.set(object, stdout.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return contents;
}

function isLink({ mode, size }: TreeEntry): boolean {
  return mode === linkMode && size <= longestPath;
}

function splitAtZero(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    parts.push(bytes.subarray(at, end === -1 ? bytes.length : end));
    at = end === -1 ? bytes.length : end + 1;
  }
  return parts;
}

function isDefinitionFile(file: string): boolean {
  const parts = file.split('/');
  return parts[0] === definitionsFolder && /\.ya?ml$/.test(file) && !parts.some((part) => part.startsWith('.'));
}

function unreadable(what: string, stderr: string): UserError {
  return new UserError('unreadable-base', `git cannot read ${what}: ${stderr.trim().split('\n').at(-1) ?? ''}`, {
    hint: 'A partial or shallow clone (`--filter`, `--depth`) does not have them. With actions/checkout, omit `filter` and set:\n  fetch-depth: 0',
  });
}
