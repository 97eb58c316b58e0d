import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppendFile } from '../../src/disk/append-file.ts';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  file = path.join(directory, 'deep/record.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('openAppendFile', () => {
  it('makes a file that only its owner may read, and folders', () => {
    openAppendFile(file).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('appends to what is there, also when two have it open', () => {
    const [one, other] = [openAppendFile(file), openAppendFile(file)];
    one.append('a');
    other.append('b', { durable: true });
    one.append('c');
    one.close();
    other.close();
    expect(readFileSync(file, 'utf8')).toBe('a\nb\nc\n');
  });

  it('begins a new line behind one that breaks off', () => {
    mkdirSync(path.dirname(file));
    writeFileSync(file, 'a\n{"torn');
    const opened = openAppendFile(file);
    opened.append('b');
    opened.append('c');
    opened.close();
    expect(readFileSync(file, 'utf8')).toBe('a\n{"torn\nb\nc\n');
  });

  it.each([
    ['a folder', () => mkdirSync(file)],
    ['a pipe', () => execFileSync('mkfifo', [file])],
    ['a link, whatever it leads to', () => symlinkSync(path.join(directory, 'other'), file)],
    ['a path below a file', () => (writeFileSync(file, ''), (file = `${file}/below`))],
  ])('refuses %s', (_name, make) => {
    mkdirSync(path.dirname(file));
    make();
    expect(() => openAppendFile(file)).toThrow(expect.objectContaining({ code: 'cannot-append', kind: 'invalid' }));
  });
});
