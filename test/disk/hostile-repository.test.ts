import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBase } from '../../src/disk/find-base.ts';
import { readTreeAt } from '../../src/disk/read-tree-at.ts';
import { commitAll, git, initRepository } from '../support/git.ts';

let root = '';
let repository = '';
let sprung = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'hostile-'));
  repository = path.join(root, 'repository');
  sprung = path.join(root, 'sprung');
  mkdirSync(sprung);
  write('instances/one.yaml', 'connector: one\r\n');
  write('connectorctl.yaml', 'version: 1\n');
  initRepository(repository);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  const target = path.join(repository, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

/** A command that leaves a file in `sprung` when it is run. */
function trap(name: string): string {
  const file = path.join(root, `${name}.sh`);
  writeFileSync(file, `#!/bin/sh\ntouch '${path.join(sprung, name)}'\nexit 1\n`);
  chmodSync(file, 0o755);
  return file;
}

function place(): Parameters<typeof findBase>[1] {
  return { directory: repository, env: { PATH: process.env['PATH'], HOME: root } };
}

function readAt(ref: string): ReturnType<typeof readTreeAt> {
  return readTreeAt(findBase(ref, place()).commit, ['connectorctl.yaml'], place());
}

/** What anybody who calls git without care would run. */
function plainGit(...words: readonly string[]): void {
  spawnSync('git', words, {
    cwd: repository,
    env: { PATH: process.env['PATH'], HOME: root },
    stdio: 'ignore',
    timeout: 10_000,
  });
}

/** Every setting of a repository that names a command. */
function settings(): readonly (readonly [string, string])[] {
  return [
    ['core.fsmonitor', trap('fsmonitor')],
    ['core.pager', trap('pager')],
    ['core.sshCommand', trap('ssh')],
    ['core.alternateRefsCommand', trap('alternates')],
    ['diff.external', trap('diff')],
    ['diff.trap.textconv', trap('textconv')],
    ['filter.trap.smudge', trap('smudge')],
    ['filter.trap.clean', trap('clean')],
    ['filter.trap.process', trap('process')],
    ['gpg.program', trap('gpg')],
    ['credential.helper', `!${trap('credential')}`],
    ['alias.cat-file', `!${trap('alias')}`],
    ['alias.ls-tree', `!${trap('alias')}`],
  ];
}

describe('a repository that wants to run something', () => {
  it('runs nothing through its settings, filters and hooks', () => {
    write('.gitattributes', '*.yaml diff=trap filter=trap\n');
    commitAll(repository);
    write('instances/two.yaml', 'connector: two\n');
    commitAll(repository);
    for (const [name, value] of settings()) git(repository, 'config', name, value);
    for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout']) {
      const file = path.join(repository, '.git/hooks', hook);
      mkdirSync(path.dirname(file), { recursive: true });
      renameSync(trap(hook), file);
    }
    const outside = path.join(root, 'outside');
    mkdirSync(outside);
    initRepository(outside);
    mkdirSync(path.join(repository, '.git/objects/info'), { recursive: true });
    writeFileSync(path.join(repository, '.git/objects/info/alternates'), `${path.join(outside, '.git/objects')}\n`);

    expect(readAt('HEAD~1').files).toEqual([{ file: 'instances/one.yaml', text: 'connector: one\r\n' }]);
    expect(readAt('HEAD').files.map(({ file }) => file)).toEqual(['instances/one.yaml', 'instances/two.yaml']);
    expect(readdirSync(sprung)).toEqual([]);

    // The traps are real ones: this is what they catch.
    plainGit('status');
    plainGit('cat-file', '--filters', 'HEAD:instances/one.yaml');
    expect(readdirSync(sprung)).toEqual(expect.arrayContaining(['fsmonitor', 'process']));
  });

  it('fetches no object that is missing, as the address to fetch from may be a command', () => {
    const object = git(repository, 'rev-parse', 'HEAD:instances/one.yaml');
    const command = trap('transport');
    rmSync(path.join(repository, '.git/objects', object.slice(0, 2), object.slice(2)), { force: true });
    const partial: readonly (readonly [string, string])[] = [
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${command}`],
      ['protocol.ext.allow', 'always'],
      ['protocol.allow', 'always'],
    ];
    for (const [name, value] of partial) git(repository, 'config', name, value);

    expect(() => readAt('HEAD')).toThrow(expect.objectContaining({ code: 'unreadable-base' }));
    expect(readdirSync(sprung)).toEqual([]);

    plainGit('cat-file', '-p', object);
    expect(readdirSync(sprung)).toEqual(['transport']);
  });

  it('does not take a folder that a pull request made for a repository', () => {
    execFileSync('git', ['init', '--quiet', '--bare', path.join(repository, 'inner')]);
    const inner = path.join(repository, 'inner');
    writeFileSync(path.join(inner, 'connectorctl.yaml'), 'version: 1\n');
    expect(() => findBase('HEAD', { ...place(), directory: inner })).toThrow(
      expect.objectContaining({ code: 'no-repository' }),
    );
  });

  it.each(['--output=x', '-h', '', ':/fix', 'HEAD:instances', 'a b', 'main\nHEAD', 'x'.repeat(300)])(
    'takes no ref such as %j',
    (ref) => {
      expect(() => findBase(ref, place())).toThrow(expect.objectContaining({ code: 'invalid-base', kind: 'invalid' }));
    },
  );

  it('is not given a git that stands in it', () => {
    renameSync(trap('git'), path.join(repository, 'git'));
    const PATH = ['.', '', process.env['PATH']].join(path.delimiter);
    expect(
      readTreeAt(findBase('HEAD', { ...place(), env: { PATH } }).commit, [], { ...place(), env: { PATH } }).files,
    ).toHaveLength(1);
    expect(readdirSync(sprung)).toEqual([]);
    expect(() => findBase('HEAD', { ...place(), env: { PATH: '.' } })).toThrow(
      expect.objectContaining({ code: 'no-git' }),
    );
  });
});

describe('a commit', () => {
  it('is read with the limits of the working tree, and what is left out is named', () => {
    write('instances/large.yaml', '#'.repeat(1024 * 1024 + 1));
    write('instances/latin.yml', '');
    writeFileSync(path.join(repository, 'instances/latin.yml'), Buffer.from([0x6e, 0xe4]));
    write('instances/.hidden.yaml', 'connector: hidden\n');
    write('instances/notes.txt', 'connector: noted\n');
    write('elsewhere.yaml', 'connector: elsewhere\n');
    symlinkSync('one.yaml', path.join(repository, 'instances/inside.yaml'));
    symlinkSync('../elsewhere.yaml', path.join(repository, 'instances/outside.yaml'));
    symlinkSync('/etc/passwd', path.join(repository, 'instances/absolute.yaml'));
    const odd = Buffer.concat([Buffer.from(`${repository}/instances/`), Buffer.from([0xff]), Buffer.from('.yaml')]);
    writeFileSync(odd, 'connector: odd\n');
    commitAll(repository);
    const head = git(repository, 'rev-parse', 'HEAD');
    git(repository, 'update-index', '--add', '--cacheinfo', `160000,${head},instances/module`);
    git(repository, 'commit', '--quiet', '--message', 'Module');

    const { workspace, files, faults } = readAt('HEAD');
    expect(workspace).toEqual({ file: 'connectorctl.yaml', text: 'version: 1\n' });
    expect(files).toEqual([
      { file: 'instances/inside.yaml', text: 'connector: one\r\n' },
      { file: 'instances/one.yaml', text: 'connector: one\r\n' },
    ]);
    const link = 'is a symbolic link that does not lead to a file below instances/';
    expect(faults.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      { file: 'instances/absolute.yaml', why: link },
      { file: 'instances/large.yaml', why: 'has 1048577 bytes; 1048576 are allowed' },
      { file: 'instances/latin.yml', why: 'is not UTF-8 text' },
      { file: 'instances/module', why: 'is a submodule' },
      { file: 'instances/outside.yaml', why: link },
      { file: 'instances/ÿ.yaml', why: 'has a name that is not UTF-8' },
    ]);
  });

  it('is the one at which the branch left the ref', () => {
    const first = git(repository, 'rev-parse', 'HEAD');
    git(repository, 'switch', '--quiet', '--create', 'topic');
    commitAll(repository);
    git(repository, 'switch', '--quiet', 'main');
    write('instances/later.yaml', 'connector: later\n');
    const later = commitAll(repository);
    git(repository, 'switch', '--quiet', 'topic');
    expect(findBase('main', place())).toEqual({ commit: first, isMergeBase: true });
    git(repository, 'switch', '--quiet', '--orphan', 'other');
    expect(findBase('main', place())).toEqual({ commit: later, isMergeBase: false });
    commitAll(repository);
    expect(findBase('main', place())).toEqual({ commit: later, isMergeBase: false });
  });

  it('that is not stored here is named, with the way to get it', () => {
    expect(() => findBase('origin/main', place())).toThrow(
      expect.objectContaining({ code: 'unknown-base', hint: expect.stringContaining('git fetch') }),
    );
    commitAll(repository);
    const clone = path.join(root, 'clone');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${repository}`, clone]);
    expect(() => findBase('HEAD~1', { ...place(), directory: clone })).toThrow(
      expect.objectContaining({ code: 'unknown-base', hint: expect.stringContaining('fetch-depth: 0') }),
    );
  });

  it.skipIf(process.getuid?.() !== 0)('of another user is read once the person says so, and not before', () => {
    chownSync(repository, 12_345, 12_345);
    chownSync(path.join(repository, '.git'), 12_345, 12_345);
    const inner = { ...place(), directory: path.join(repository, 'instances') };
    const hint = expect.stringContaining(`safe.directory ${JSON.stringify(repository)}`);
    expect(() => findBase('main', inner)).toThrow(expect.objectContaining({ code: 'foreign-repository', hint }));
    writeFileSync(path.join(root, '.gitconfig'), `[safe]\n\tdirectory = ${repository}\n`);
    expect(findBase('main', inner)).toMatchObject({ isMergeBase: true });
  });

  it('outside a repository is refused', () => {
    expect(() => findBase('main', { ...place(), directory: sprung })).toThrow(
      expect.objectContaining({ code: 'no-repository', kind: 'invalid' }),
    );
  });
});
