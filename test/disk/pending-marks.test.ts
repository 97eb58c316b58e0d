import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openPendingMarks, type PendingMarks } from '../../src/disk/pending-marks.ts';
import { openStateFolder } from '../../src/disk/state-folder.ts';

function aPlace(): { readonly open: () => PendingMarks; readonly folder: string; readonly journal: string } {
  const directory = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const state = openStateFolder(directory);
  const open = (): PendingMarks => {
    const marks = openPendingMarks(state, 'pending/test');
    onTestFinished(() => marks.close());
    return marks;
  };
  const folder = path.join(state, 'pending/test');
  return { open, folder, journal: path.join(folder, 'marks.jsonl') };
}

const names = ['a', '../a', 'team/b', 'a\nb', '"', 'ü', 'a'.repeat(300), '{"set":"x"}'];

it('keeps each mark until it is cleared, and tells every process', async () => {
  const { open } = aPlace();
  const [one, other] = [open(), open()];
  for (const name of names) await one.set(name);
  for (const marks of [one, other, open()]) expect(names.filter(marks.has)).toEqual(names);
  other.clear('a');
  for (const marks of [one, other, open()]) expect(names.filter(marks.has)).toEqual(names.slice(1));
  expect(one.has('x')).toBe(false);
});

it('leaves nothing behind when all are cleared, and what is left otherwise', async () => {
  const { open, folder } = aPlace();
  const marks = open();
  await marks.set('a');
  await marks.set('b');
  marks.clear('a');
  marks.close();
  expect(readdirSync(folder)).toEqual(['marks.jsonl']);
  const next = open();
  expect([next.has('a'), next.has('b')]).toEqual([false, true]);
  next.clear('b');
  next.close();
  expect(readdirSync(folder)).toEqual([]);
  await next.set('c');
  expect(open().has('c')).toBe(true);
});

it('loses nothing when another process ends at the same time, or somebody removes or empties the file', async () => {
  const { open, folder, journal } = aPlace();
  const one = open();
  await one.set('a');
  one.clear('a');
  const other = open();
  expect(other.has('a')).toBe(false);
  other.close();
  await one.set('b');
  expect(open().has('b')).toBe(true);
  rmSync(folder, { recursive: true });
  await one.set('c');
  expect(['b', 'c'].filter(open().has)).toEqual(['b', 'c']);
  writeFileSync(journal, '');
  await one.set('d');
  expect(['b', 'c', 'd'].filter(open().has)).toContain('d');
  expect(['b', 'c', 'd'].filter(one.has)).toContain('d');
});

it('passes over what a kill broke off, whoever writes the next line', async () => {
  for (const torn of ['{"set":"a', '\n{"clear":"b"', '{"set":1}\n', 'no JSON\n', '\0\0\0', 'x'.repeat(200_000)]) {
    const { open, journal } = aPlace();
    const one = open();
    await one.set('b');
    appendFileSync(journal, torn);
    await one.set('c');
    expect(['a', 'b', 'c', 'd'].filter(one.has)).toEqual(['b', 'c']);
    appendFileSync(journal, torn);
    const other = open();
    await other.set('d');
    for (const marks of [one, other, open()]) expect(['a', 'b', 'c', 'd'].filter(marks.has)).toEqual(['b', 'c', 'd']);
  }
});

it('holds many marks, in lines of any length', async () => {
  const { open, journal } = aPlace();
  const marks = open();
  const many = Array.from({ length: 500 }, (_, index) => `${index}`.repeat(200));
  await Promise.all(many.map(marks.set));
  for (const name of many.slice(2)) marks.clear(name);
  expect(many.filter(open().has)).toEqual(many.slice(0, 2));
  expect(readFileSync(journal, 'utf8').length).toBeGreaterThan(64 * 1024);
});

it('knows the files that version 0.1.0 left, one for each mark', async () => {
  const { open, folder } = aPlace();
  const former = createHash('sha256').update('a').digest('hex').slice(0, 32);
  open().has('a');
  writeFileSync(path.join(folder, former), 'a\n', { mode: 0o600 });
  const marks = open();
  expect(['a', 'b'].filter(marks.has)).toEqual(['a']);
  marks.clear('b');
  expect(existsSync(path.join(folder, former))).toBe(true);
  marks.clear('a');
  expect(existsSync(path.join(folder, former))).toBe(false);
  expect(['a', 'b'].filter(marks.has)).toEqual([]);
});
