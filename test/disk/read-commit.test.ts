import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCommit } from '../../src/disk/run-git.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'commit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const target = path.join(folder, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

describe('readCommit', () => {
  it('follows a branch', () => {
    write('.git/HEAD', 'ref: refs/heads/main\n');
    write('.git/refs/heads/main', `${commit}\n`);
    expect(readCommit(folder)).toBe(commit);
  });

  it('finds the repository above the folder', () => {
    write('.git/HEAD', `${commit}\n`);
    mkdirSync(path.join(folder, 'a/b'), { recursive: true });
    expect(readCommit(path.join(folder, 'a/b'))).toBe(commit);
  });

  it('finds a branch among the packed ones', () => {
    write('.git/HEAD', 'ref: refs/heads/main\n');
    write('.git/packed-refs', `# pack-refs with: peeled\n${commit} refs/heads/main\n`);
    expect(readCommit(folder)).toBe(commit);
  });

  it('follows the file of a linked work tree to the common folder', () => {
    write('main/.git/HEAD', 'ref: refs/heads/main\n');
    write('main/.git/refs/heads/topic', commit);
    write('main/.git/worktrees/topic/HEAD', 'ref: refs/heads/topic\n');
    write('main/.git/worktrees/topic/commondir', '../..\n');
    write('topic/.git', `gitdir: ${path.join(folder, 'main/.git/worktrees/topic')}\n`);
    expect(readCommit(path.join(folder, 'topic'))).toBe(commit);
  });

  it('knows none before the first commit, and follows no name that leads elsewhere', () => {
    write('.git/HEAD', 'ref: refs/heads/main\n');
    expect(readCommit(folder)).toBeUndefined();
    write('.git/HEAD', 'ref: refs/../../secret\n');
    write('secret', commit);
    expect(readCommit(folder)).toBeUndefined();
  });
});
