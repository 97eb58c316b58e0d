import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The first path below a folder that git tracks, relative to the root of the repository; undefined when it tracks none, or when
 * there is no repository. Reads the index itself: git is not always installed, and refuses folders that belong to somebody else,
 * as they often do in containers. Letters count the same in both cases, as on some systems they name the same file.
 *
 * What a split index keeps in its second file is not seen (`core.splitIndex`, off unless the user sets it).
 *
 * @param root absolute folder of the repository
 * @param folder absolute, in it
 */
export function findTracked(root: string, folder: string): string | undefined {
  const git = gitFolderOf(root);
  const index = git === undefined ? undefined : read(path.join(git, 'index'));
  if (git === undefined || index === undefined) return undefined;
  const wanted = path.relative(root, folder).split(path.sep).join('/').toLowerCase();
  const isBelow = (name: string): boolean => name === wanted || name.startsWith(`${wanted}/`);
  for (const name of listPaths(index, hashLength(git))) if (isBelow(name.toLowerCase())) return name;
  return undefined;
}

/** A linked work tree and a submodule have a file here, which names the folder. */
function gitFolderOf(root: string): string | undefined {
  const entry = path.join(root, '.git');
  if (read(path.join(entry, 'HEAD')) !== undefined) return entry;
  const link = /^gitdir: (.+)$/m.exec(read(entry)?.toString('utf8') ?? '')?.[1];
  return link === undefined ? undefined : path.resolve(root, link.trim());
}

/** Bytes of a hash: 32 in a repository that was made with `--object-format=sha256`. */
function hashLength(git: string): number {
  const common = path.resolve(git, read(path.join(git, 'commondir'))?.toString('utf8').trim() ?? '.');
  const config = read(path.join(common, 'config'))?.toString('utf8') ?? '';
  return /^\s*objectformat\s*=\s*"?sha256/im.test(config) ? 32 : 20;
}

/**
 * Paths of an index file, as gitformat-index(5) describes versions 2 to 4. Ends early where the file does.
 * Before the path of an entry stand ten numbers of four bytes, the hash, and flags of two bytes, or four where a bit says so.
 */
function* listPaths(index: Buffer, hash: number): Generator<string, void> {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return;
  const [version, count] = [index.readUInt32BE(4), index.readUInt32BE(8)];
  let previous = Buffer.alloc(0);
  let at = 12;
  for (let entry = 0; entry < count && at + 42 + hash < index.length; entry += 1) {
    const start = at;
    at += 40 + hash;
    at += (index.readUInt16BE(at) & 0x4000) === 0 ? 2 : 4;
    const { kept, length } = version === 4 ? readPrefix(index, at, previous.length) : { kept: 0, length: 0 };
    const end = index.indexOf(0, at + length);
    if (end === -1) return;
    previous = Buffer.concat([previous.subarray(0, kept), index.subarray(at + length, end)]);
    yield previous.toString('utf8');
    at = version === 4 ? end + 1 : start + Math.ceil((end - start + 1) / 8) * 8;
  }
}

/** How much of the path before is kept in version 4: a number of variable length says what is cut off its end. */
function readPrefix(index: Buffer, at: number, before: number): { readonly kept: number; readonly length: number } {
  let length = 1;
  let byte = index[at] ?? 0;
  let cut = byte & 0x7f;
  while ((byte & 0x80) !== 0 && length < 8) {
    byte = index[at + length] ?? 0;
    cut = ((cut + 1) << 7) | (byte & 0x7f);
    length += 1;
  }
  return { kept: Math.max(0, before - cut), length };
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // Not there, or a folder: then nothing is known to be tracked.
    return undefined;
  }
}
