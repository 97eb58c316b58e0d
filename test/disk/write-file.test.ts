import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { guardForeignFile } from '../../src/disk/plan-file.ts';
import { refuseWayOut, writeFileAtomically } from '../../src/disk/write-file.ts';
import { UserError } from '../../src/model/user-error.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}

describe('writeFileAtomically', () => {
  it('writes a file that only its owner may read, and leaves nothing else behind', async () => {
    const file = path.join(directory, 'deep/er/plan.json');
    await writeFileAtomically(file, 'täxt');
    expect(readFileSync(file, 'utf8')).toBe('täxt');
    expect(modeOf(file)).toBe(0o600);
    expect(readdirSync(path.dirname(file))).toEqual(['plan.json']);
  });

  it('gives the mode that was asked for', async () => {
    const file = path.join(directory, 'a.yaml');
    await writeFileAtomically(file, '', 0o640);
    expect(modeOf(file)).toBe(0o640);
  });

  it('replaces a file, also for a reader that has it open', async () => {
    const file = path.join(directory, 'a.yaml');
    writeFileSync(file, 'old');
    const before = statSync(file).ino;
    await writeFileAtomically(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).ino).not.toBe(before);
  });

  it('replaces a link and leaves alone what it leads to', async () => {
    const target = path.join(directory, 'target');
    writeFileSync(target, 'old');
    symlinkSync(target, path.join(directory, 'link'));
    await writeFileAtomically(path.join(directory, 'link'), 'new');
    expect(readFileSync(target, 'utf8')).toBe('old');
  });

  it('takes the place of no device, and of no link to one', async () => {
    const link = path.join(directory, 'stdout');
    symlinkSync('/dev/null', link);
    await expect(writeFileAtomically(link, 'x')).rejects.toThrow(/not a regular file/);
    expect(readlinkSync(link)).toBe('/dev/null');
    expect(readdirSync(directory)).toEqual(['stdout']);
  });

  it('says what the disk refused, and cleans up', async () => {
    const file = path.join(directory, 'file');
    writeFileSync(file, '');
    await expect(writeFileAtomically(path.join(file, 'below'), 'x')).rejects.toThrow(UserError);
    await expect(writeFileAtomically(directory, 'x')).rejects.toMatchObject({ code: 'write-failed', kind: 'failed' });
    expect(readdirSync(directory)).toEqual(['file']);
    expect(
      readdirSync(path.dirname(directory)).filter((name) => name.startsWith(`.${path.basename(directory)}.`)),
    ).toEqual([]);
  });
});

describe('a file that a command names', () => {
  it('is not written where a folder of the repository is a link that leads out of it', () => {
    const repository = path.join(directory, 'repository');
    for (const made of ['repository/.git', 'repository/inside', 'outside/.git'])
      mkdirSync(path.join(directory, made), { recursive: true });
    symlinkSync(path.join(directory, 'outside'), path.join(repository, 'out'));
    symlinkSync('inside', path.join(repository, 'in'));
    const named = (file: string) => () => refuseWayOut(path.resolve(repository, file), repository);
    expect(named('out/plan.json')).toThrow(expect.objectContaining({ code: 'symlink-outside', kind: 'invalid' }));
    expect(named('out/new/run.jsonl')).toThrow(expect.objectContaining({ code: 'symlink-outside' }));
    for (const file of ['plan.json', 'in/plan.json', 'new/plan.json', '../outside/plan.json'])
      expect(named(file)).not.toThrow();
    expect(() => guardForeignFile(path.join(repository, 'out/plan.json'), repository)).toThrow(
      expect.objectContaining({ code: 'symlink-outside' }),
    );
  });
});
