import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from './run-event.ts';
import { git } from './git.ts';

export interface CheckoutOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly event: RunEvent;
  /** Address of the repository. */
  readonly url: string;
  readonly workspace: string;
  readonly token: string;
}

const inputNames = new Set(['ref', 'path', 'fetch-depth', 'sparse-checkout', 'persist-credentials']);

/**
 * Does what actions/checkout does, as far as our workflows use it (its README and src/git-source-provider.ts): empties the folder,
 * fetches one commit or all branches, checks out in full or sparsely, and leaves the token in `.git/config` unless told not to.
 */
export function checkOut({ inputs, event, url, workspace, token }: CheckoutOptions): void {
  const strange = Object.keys(inputs).filter((name) => !inputNames.has(name));
  if (strange.length > 0) throw new Error(`this checkout knows no input ${strange.join(', ')}`);
  const folder = path.resolve(workspace, inputs['path'] ?? '');
  if (folder !== workspace && !folder.startsWith(workspace + path.sep)) throw new Error('the path leads out');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true });

  const wanted = (inputs['ref'] ?? '') === '' ? event.sha : (inputs['ref'] ?? '');
  const all = inputs['fetch-depth'] === '0';
  git(folder, 'init', '--quiet');
  git(folder, 'remote', 'add', 'origin', url);
  const branches = all ? ['+refs/heads/*:refs/remotes/origin/*'] : [`--depth=${inputs['fetch-depth'] ?? '1'}`];
  const options = branches.filter((one) => one.startsWith('--'));
  git(folder, 'fetch', '--quiet', '--no-tags', ...options, 'origin', ...(all ? branches : []), wanted);
  if ((inputs['sparse-checkout'] ?? '') !== '') {
    git(folder, 'sparse-checkout', 'set', ...(inputs['sparse-checkout'] ?? '').trim().split(/\s*\n\s*/));
  }
  const target = /^[0-9a-f]{40}$/.test(wanted) ? wanted : 'FETCH_HEAD';
  git(folder, 'checkout', '--quiet', '--force', '--detach', target);
  if (inputs['persist-credentials'] !== 'false') {
    const header = Buffer.from(`x-access-token:${token}`).toString('base64');
    appendFileSync(
      path.join(folder, '.git/config'),
      `[http]\n\textraheader = AUTHORIZATION: basic ${header} ${token}\n`,
    );
  }
  if (!existsSync(path.join(folder, '.git'))) throw new Error('nothing was checked out');
}
