import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { UserError } from '../model/user-error.ts';
import { exists } from './read-text.ts';

/** Where git is run, and what of the process environment it may be told. */
export interface GitPlace {
  /** Absolute folder inside the repository. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface GitAnswer {
  /** 0 when git did what it was asked. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Longest time that one call may take, in milliseconds. */
const patience = 120_000;

/** Most bytes that one answer may hold: fifty thousand definitions of twenty kilobytes. */
const mostBytes = 1024 * 1024 * 1024;

/**
 * Settings with which git could run something, or believe something other than what is stored.
 * These override the repository's own; the subcommands that are used here read no index, and apply no filter.
 */
const settings = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.commitGraph=false',
  'core.pager=cat',
  'protocol.allow=never',
  // A folder in a pull request that looks like a repository must not be treated as one.
  'safe.bareRepository=explicit',
];

/** What git may see of the process environment: where to find things, and the user's settings, `safe.directory` among them. */
const passed = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'SYSTEMROOT'] as const;

/** A missing object must not be fetched: the address to fetch from may be a command. */
const disarmed = {
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_GRAFT_FILE: devNull,
  GIT_LITERAL_PATHSPECS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/**
 * Runs one git command that only reads. No shell, and nothing that the repository names is run or fetched.
 * Throws a UserError when there is no git.
 * @param words a subcommand that reads objects, and its arguments; text from outside goes into `input`
 */
export function runGit(words: readonly string[], { directory, env }: GitPlace, input = ''): GitAnswer {
  const known = passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  const options = settings.flatMap((setting) => ['-c', setting]);
  const { status, stdout, stderr, error } = spawnSync(findGit(env), [...options, ...words], {
    cwd: directory,
    env: { ...Object.fromEntries(known), ...disarmed },
    input,
    timeout: patience,
    maxBuffer: mostBytes,
    windowsHide: true,
  });
  if (error !== undefined) {
    throw new UserError('git-failed', `git could not be run: ${error.message}`, { cause: error });
  }
  return { status: status ?? 1, stdout, stderr: stderr.toString('utf8') };
}

/** Absolute path of git. A folder of PATH that is relative would let the repository bring its own. */
function findGit({ PATH = '' }: GitPlace['env']): string {
  const folders = PATH.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const found = folders
    .flatMap((folder) => ['git', 'git.exe'].map((name) => path.join(folder, name)))
    .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
  if (found !== undefined) return found;
  throw new UserError('no-git', 'git is not installed, so no other commit can be read.', {
    hint: 'Install git, and make sure that it is in PATH.',
  });
}

/** Root of the repository that a folder is in: the nearest folder above with a `.git`. Undefined outside a repository. */
export function findRepository(directory: string): string | undefined {
  if (exists(path.join(directory, '.git'))) return directory;
  const parent = path.dirname(directory);
  return parent === directory ? undefined : findRepository(parent);
}

const hash = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * Commit that a folder's repository is at, as git itself keeps it; undefined outside a repository or before the first commit.
 * Reads files only: no program is run, and no setting of the repository has any effect.
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
