import { execFileSync } from 'node:child_process';
import { devNull } from 'node:os';

/** Whoever commits in a test, whatever the developer's own settings are. */
const who = { name: 'Test', email: 'test@example.com' };

const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: devNull,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: who.name,
  GIT_AUTHOR_EMAIL: who.email,
  GIT_COMMITTER_NAME: who.name,
  GIT_COMMITTER_EMAIL: who.email,
};

/** Runs git in a folder and answers what it printed, without the line feed at the end. Throws when git fails. */
export function git(directory: string, ...words: readonly string[]): string {
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  return execFileSync('git', words, { cwd: directory, env, encoding: 'utf8', stdio: [...stdio] }).trimEnd();
}

/** Makes a folder a repository with everything in it as the first commit of `main`, and answers the hash. */
export function initRepository(directory: string): string {
  git(directory, 'init', '--quiet', '--initial-branch=main');
  return commitAll(directory);
}

/** Commits everything that is there, and answers the hash. */
export function commitAll(directory: string): string {
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message', 'All');
  return git(directory, 'rev-parse', 'HEAD');
}
