import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';

import { UserError } from '../model/user-error.ts';

/** Where git is run, and what of the process environment it may be told. */
export interface GitPlace {
  /** Absolute folder inside the repository. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface GitAnswer {
  /** 0 when git did what it was asked. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Longest time that one question may take, in milliseconds. */
const patience = 120_000;

/** Most bytes that one answer may hold: fifty thousand definitions of twenty kilobytes. */
const mostBytes = 1024 * 1024 * 1024;

/**
 * Settings that make git run something or believe something else than what is stored.
 * The ones of the repository lose against these; the subcommands that are used here read no index, and apply no filter.
 */
const settings = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.commitGraph=false',
  'core.pager=cat',
  'protocol.allow=never',
  // A folder in a pull request that looks like a repository must not be taken for one.
  'safe.bareRepository=explicit',
];

/** What git may know of the process: where to find things, and the settings of the person, among them `safe.directory`. */
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
 * Asks git one question that only reads. No shell, and nothing that the repository names is run or fetched.
 * Throws a UserError when there is no git.
 * @param words a subcommand that reads objects, and its arguments; none may come from a person, who has `input`
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
  throw new UserError('no-git', 'There is no git on this machine, so no other commit can be read.', {
    hint: 'Install git, and see that its folder is in PATH.',
  });
}
