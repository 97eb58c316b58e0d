import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Nothing of the developer's own settings, and every commit of the same person. */
const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** Runs git in a folder and answers what it prints. Throws when it fails. */
export function git(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', words, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A repository on "GitHub". */
export interface Remote {
  readonly url: string;
  /** Writes files (`undefined` removes one) onto a commit, or onto nothing, and answers the new commit. */
  commit(files: Readonly<Record<string, string | { readonly linkTo: string } | undefined>>, onto?: string): string;
  /** Merges a commit into another as GitHub does for a pull request, and answers the merge. */
  merge(base: string, head: string): string;
  read(commit: string, file: string): string;
  describe(commit: string): { readonly message: string; readonly tree: string; readonly parents: readonly string[] };
}

/** Makes an empty repository that ends with the test. */
export function openRemote(): Remote {
  const url = mkdtempSync(path.join(tmpdir(), 'connectorctl-remote-'));
  onTestFinished(() => rmSync(url, { recursive: true, force: true }));
  git(url, 'init', '--quiet', '--initial-branch=main');
  // As GitHub: any commit can be asked for by its name.
  git(url, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const head = (): string => git(url, 'rev-parse', 'HEAD').trim();
  return {
    url,
    commit: (files, onto) => {
      if (onto !== undefined) git(url, 'checkout', '--quiet', '--force', '--detach', onto);
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(url, name);
        if (text === undefined) rmSync(file);
        else {
          mkdirSync(path.dirname(file), { recursive: true });
          if (typeof text === 'string') writeFileSync(file, text);
          else symlinkSync(text.linkTo, file);
        }
      }
      git(url, 'add', '--all');
      git(url, 'commit', '--quiet', '--allow-empty', '--message=change');
      return head();
    },
    merge: (base, other) => {
      git(url, 'checkout', '--quiet', '--force', '--detach', base);
      git(url, 'merge', '--quiet', '--no-ff', '--message=merge', other);
      return head();
    },
    describe: (commit) => {
      const [tree = '', parents = '', ...message] = git(url, 'show', '--no-patch', '--format=%T%n%P%n%B', commit).split(
        '\n',
      );
      return { tree, parents: parents.split(' ').filter((one) => one !== ''), message: message.join('\n').trim() };
    },
    read: (commit, file) => git(url, 'show', `${commit}:${file}`),
  };
}
