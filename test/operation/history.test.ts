import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { isUnanswered, type RunHistory } from '../../src/model/run-history.ts';
import { history, type HistoryOptions } from '../../src/operation/history.ts';
import { aRun, created, ended, patched, started } from '../support/records.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'connectorctl-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
});

function write(...lines: readonly string[]): void {
  writeFileSync(path.join(cwd, 'record.jsonl'), lines.map((line) => `${line}\n`).join(''));
}

function read(options: Partial<HistoryOptions> = {}): RunHistory & { readonly diagnostics: readonly Diagnostic[] } {
  const result = history({ cwd }, { files: ['record.jsonl'], ...options });
  if (result.kind !== 'history') throw new Error(result.kind);
  return { ...result.history, diagnostics: result.diagnostics };
}

/** Which instances are told of in which runs: `a: one two`. */
function told({ runs }: RunHistory): readonly string[] {
  return runs.map(({ run, instances }) => [`${run}:`, ...instances.map(({ key }) => key)].join(' '));
}

const monday = aRun('mon', '2026-11-16T23:59:58.000Z', [started, ...created('one', '1'), ended(0, { succeeded: 1 })]);
const tuesday = aRun('tue', '2026-11-17T10:00:00.000Z', [
  started,
  ...created('two', '2'),
  ...patched('one', '1', 400),
  ended(5, { succeeded: 1, failed: 1 }),
]);

describe('a record', () => {
  it('is told run by run, in the order in which they began, also when their lines stand in turn', () => {
    const mixed = monday.flatMap((line, index) => [line, tuesday[index] ?? '']).concat(tuesday.slice(monday.length));
    write(...mixed);
    const { runs, diagnostics } = read();
    expect(told({ runs, filtered: false })).toEqual(['mon: one', 'tue: two one']);
    expect(runs[1]?.ended?.counts).toEqual({ succeeded: 1, failed: 1 });
    expect(runs[1]?.instances[1]?.steps).toEqual([
      expect.objectContaining({ method: 'PATCH', status: 400, sentAt: '2026-11-17T10:00:06.000Z' }),
    ]);
    expect(diagnostics).toEqual([]);
  });

  it('is told with others as one, in the order of time, each run once, with the key that an instance had before', () => {
    const wednesday = aRun('wed', '2026-11-18T10:00:00.000Z', [started, ...patched('uno', '1', 200, 'one')]);
    mkdirSync(path.join(cwd, 'kept/prod-2'), { recursive: true });
    write(...wednesday);
    writeFileSync(path.join(cwd, 'kept/b.jsonl'), `${monday.join('\n')}\n`);
    writeFileSync(path.join(cwd, 'kept/prod-2/a.jsonl'), `${[...monday, ...tuesday, 'no line'].join('\n')}\n`);
    writeFileSync(path.join(cwd, 'kept/readme.md'), 'no record\n');
    writeFileSync(path.join(cwd, 'kept/other.jsonl'), '{"a": 1}\n');
    const all = read({ files: ['record.jsonl', 'kept'] });
    expect(told(all)).toEqual(['mon: one', 'tue: two one', 'wed: uno']);
    expect(all.diagnostics).toMatchObject([
      { code: 'unreadable-lines', at: { file: 'kept/prod-2/a.jsonl', line: monday.length + tuesday.length + 1 } },
    ]);
    expect(told(read({ files: ['kept', 'record.jsonl'], key: 'uno' }))).toEqual(['mon: one', 'tue: one', 'wed: uno']);
  });

  it('that holds nothing yet is no fault', () => {
    write();
    expect(read()).toMatchObject({ runs: [], filtered: false, diagnostics: [] });
  });

  it('is told without the lines that are none, which are named', () => {
    write('nonsense', ...monday, '{"v":1}', '[]', '', '{"v":1,"time":"yesterday","run":"x","event":"started"}');
    appendFileSync(path.join(cwd, 'record.jsonl'), tuesday[0]?.slice(0, -20) ?? '');
    const { runs, diagnostics } = read();
    expect(told({ runs, filtered: false })).toEqual(['mon: one']);
    expect(diagnostics).toEqual([
      expect.objectContaining({ code: 'unreadable-lines', at: { file: 'record.jsonl', line: 1, column: 1 } }),
    ]);
    expect(diagnostics[0]?.message).toBe('5 lines left out');
    expect(diagnostics[0]?.detail).toMatch(/lines 1, 8, 9, 11, 12\..* is incomplete/);
  });

  it('with a line that is longer than memory should hold is told without it', () => {
    write(...monday, 'x'.repeat(3 * 1024 * 1024), ...tuesday);
    const { runs, diagnostics } = read();
    expect(told({ runs, filtered: false })).toEqual(['mon: one', 'tue: two one']);
    expect(diagnostics[0]?.detail).toContain('line 7.');
  });

  it('of a later version keeps what is not known as unknown', () => {
    const time = '2026-11-17T11:00:00.000Z';
    const later = [
      { v: 1, time, run: 'x', event: 'paused', key: 'one', until: 'noon' },
      { v: 2, time, run: 'x', event: 'started', key: 'one' },
      { v: 1, time, run: 'x', event: 'outcome', key: 'one', action: 'rename', status: 'succeeded' },
    ];
    write(...later.map((line) => JSON.stringify(line)));
    const { runs, diagnostics } = read();
    expect(runs[0]?.instances).toEqual([
      {
        key: 'one',
        steps: ['paused', 'started', 'outcome'].map((name) => ({ kind: 'unknown', time, name })),
      },
    ]);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'unknown-events' })]);
  });

  it('of a run that was cut off names the writes that nobody saw the answer of', () => {
    write(...tuesday.slice(0, 7));
    const [run] = read().runs;
    expect(run?.ended).toBeUndefined();
    expect(run?.instances.map(({ key, steps }) => [key, steps.filter(isUnanswered).length])).toEqual([
      ['two', 0],
      ['one', 1],
    ]);
  });
});

describe('the time', () => {
  const rows: readonly (readonly [string, Partial<HistoryOptions>, readonly string[]])[] = [
    ['a date is the whole day, UTC', { since: '2026-11-17', until: '2026-11-17' }, ['mon', 'tue']],
    ['a run counts while it is under way', { until: '2026-11-16' }, ['mon']],
    ['a time is exact', { since: '2026-11-17T00:00:04' }, ['tue']],
    ['a zone is heeded', { until: '2026-11-17T10:59:59+01:00' }, ['mon']],
    ['nothing may be left', { since: '2027-01-01' }, []],
  ];
  it.each(rows)('%s', (_name, options, wanted) => {
    write(...monday, ...tuesday);
    const found = read(options);
    expect(found.runs.map(({ run }) => run)).toEqual(wanted);
    expect(found.filtered).toBe(wanted.length < 2);
  });

  it.each(['tuesday', '2026-02-30', '2026-11-17T25:00', '17.11.2026', ''])('cannot be %j', (since) => {
    write(...monday);
    expect(() => read({ since })).toThrow(expect.objectContaining({ code: 'not-a-time', kind: 'invalid' }));
  });

  it('cannot end before it begins', () => {
    write(...monday);
    expect(() => read({ since: '2026-11-18', until: '2026-11-17' })).toThrow(/later/);
  });
});

describe('what failed', () => {
  it('is told alone', () => {
    write(...monday, ...tuesday);
    expect(told(read({ failed: true }))).toEqual(['tue: one']);
  });

  it('includes a run that was cut off', () => {
    write(...monday.slice(0, -1), ...tuesday.slice(0, 4));
    expect(told(read({ failed: true }))).toEqual(['mon:', 'tue: two']);
  });
});

describe('one instance', () => {
  it('is told of across runs, and nothing else is', () => {
    write(...monday, ...tuesday);
    expect(told(read({ key: 'one' }))).toEqual(['mon: one', 'tue: one']);
    expect(told(read({ key: 'two' }))).toEqual(['tue: two']);
  });

  it('is told of under every key that it had, and not what came to such a key later', () => {
    write(
      ...aRun('a', '2026-11-01T00:00:00.000Z', [started, ...created('first', '1'), ended(0)]),
      ...aRun('b', '2026-11-02T00:00:00.000Z', [started, ...patched('second', '1', 200, 'first'), ended(0)]),
      ...aRun('c', '2026-11-03T00:00:00.000Z', [started, ...created('first', '9'), ended(0)]),
      ...aRun('d', '2026-11-04T00:00:00.000Z', [started, ...patched('third', '1', 200, 'second'), ended(0)]),
    );
    expect(told(read({ key: 'third' }))).toEqual(['a: first', 'b: second', 'd: third']);
    expect(told(read({ key: 'second' }))).toEqual(['a: first', 'b: second', 'd: third']);
    // The move away is the last that is told under a key; then it belongs to another one.
    expect(told(read({ key: 'first' }))).toEqual(['a: first', 'b: second', 'c: first']);
  });

  it('did not move when the move failed', () => {
    write(
      ...aRun('a', '2026-11-01T00:00:00.000Z', [started, ...created('first', '1'), ended(0)]),
      ...aRun('b', '2026-11-02T00:00:00.000Z', [started, ...patched('second', '1', 500, 'first'), ended(1)]),
    );
    expect(told(read({ key: 'second' }))).toEqual(['b: second']);
  });

  it('is told of when another one took its place, and it was deleted later', () => {
    const gone = { key: 'one~replaced', action: 'delete' } as const;
    write(
      ...monday,
      ...aRun('x', '2026-11-18T00:00:00.000Z', [
        started,
        { event: 'started', ...gone, connector: 'sharefile', name: 'ShareFile' },
        { event: 'outcome', ...gone, status: 'succeeded' },
        ended(0),
      ]),
    );
    expect(told(read({ key: 'one' }))).toEqual(['mon: one', 'x: one~replaced']);
  });

  it('that nobody knows is refused with the nearest key', () => {
    write(...aRun('a', '2026-11-01T00:00:00.000Z', [started, ...created('sharefile/polling', '1')]));
    expect(() => read({ key: 'sharefile/poling' })).toThrow(
      expect.objectContaining({
        code: 'unknown-key',
        kind: 'invalid',
        hint: expect.stringContaining('Did you mean `sharefile/polling`?'),
      }),
    );
  });
});

describe('what is no record', () => {
  it.each([
    ['a file of something else', () => write('version: 1', 'workspace: acme'), 'not-a-record'],
    ['a folder without any', () => mkdirSync(path.join(cwd, 'record.jsonl')), 'not-a-record'],
    ['nothing', () => {}, 'no-such-file'],
  ])('%s', (_name, make, code) => {
    make();
    expect(() => read()).toThrow(expect.objectContaining({ code, kind: 'invalid' }));
  });
});
