import { readFileSync } from 'node:fs';
import path from 'node:path';

const hash = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * Commit that a folder's repository is at, as git itself keeps it; undefined outside a repository or before the first commit.
 * Reads files only: no program is run, and no setting of the repository is heeded.
 */
export function readCommit(directory: string): string | undefined {
  const git = findGitFolder(directory);
  const head = git === undefined ? undefined : read(path.join(git, 'HEAD'));
  if (git === undefined || head === undefined) return undefined;
  if (hash.test(head)) return head;
  const ref = /^ref: (refs\/[^\s]+)$/.exec(head)?.[1];
  return ref === undefined || ref.includes('..') ? undefined : readRef(git, ref);
}

function findGitFolder(directory: string): string | undefined {
  for (let folder = directory; ; folder = path.dirname(folder)) {
    const entry = path.join(folder, '.git');
    if (read(path.join(entry, 'HEAD')) !== undefined) return entry;
    // A linked work tree has a file here that names its folder.
    const link = /^gitdir: (.+)$/.exec(read(entry) ?? '')?.[1];
    if (link !== undefined) return path.resolve(folder, link);
    if (folder === path.dirname(folder)) return undefined;
  }
}

function readRef(git: string, ref: string): string | undefined {
  const common = path.resolve(git, read(path.join(git, 'commondir')) ?? '.');
  for (const folder of [git, common]) {
    const loose = read(path.join(folder, ref));
    if (loose !== undefined && hash.test(loose)) return loose;
  }
  const packed = read(path.join(common, 'packed-refs')) ?? '';
  return packed
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, name]) => name === ref)?.[0];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // Not there, or a folder: then the commit is simply not known.
    return undefined;
  }
}
