import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLog, type RunnerLog } from '../../../src/action/runner/runner-log.ts';
import { Secret } from '../../../src/model/secret.ts';
import { visibleCharacters } from '../../../src/model/visible.ts';
import { openKnownSecrets } from '../../../src/operation/operation-ports.ts';
import type { Annotation } from '../../../src/report/diagnostics/annotation.ts';
import { readStepLog, type StepLog } from '../../support/fake-runner.ts';
import { secretForms } from '../../support/leaks.ts';

function log(work: (log: RunnerLog) => void): { readonly raw: string; readonly seen: StepLog } {
  const written: string[] = [];
  const known = openKnownSecrets();
  let number = 0;
  const makeToken = (): string => String((number += 1)).padStart(64, '0');
  work(openLog({ write: (text) => written.push(text), makeToken, learn: (secret) => known.learn(secret) }));
  const raw = written.join('');
  return { raw, seen: readStepLog(raw) };
}

/** Text of strangers who know how a runner reads. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n::error::x',
        '\r  ::add-mask::x',
        '\n::set-env name=PATH::x',
        'before ##[group]x',
        '\n::stop-commands::x',
        `\n::${'0'.repeat(63)}1::\n::warning::x`,
        '::',
        '##[',
        ']',
        '\n',
        '\r',
        '\r\n',
        '\u2028',
        '\u0085',
        ' ',
        '\t',
        '%0A',
        'add-mask',
        'error file=x',
        'stop-commands',
        'set-output name=x',
        `${'0'.repeat(63)}1`,
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** The same output for a runner that knows no guard: with what the guard itself writes taken out. */
function withoutGuards(raw: string): string {
  return raw.replaceAll(/^::(?:stop-commands::)?[0-9a-f]{64}(?:::)?$/gm, '');
}

function make(level: Annotation['level'], count: number): readonly Annotation[] {
  return Array.from({ length: count }, (_, index) => ({
    level,
    title: 'Title',
    message: `${level} number ${index + 1}`,
    at: { file: 'a.yaml', line: index + 1, column: 1 },
  }));
}

describe('the log of a step', () => {
  it('carries out nothing that strangers write, even when the guard fails', () => {
    fc.assert(
      fc.property(hostile, hostile, (title, text) => {
        const { raw, seen } = log((one) => {
          one.print(text);
          one.printFolded(title, text);
        });
        const own = seen.commands.map((command) => command.name);
        expect(own).toEqual(text === '' ? [] : ['group', 'endgroup']);
        expect(readStepLog(withoutGuards(raw)).commands.map((command) => command.name)).toEqual(own);
      }),
    );
  });

  it('puts texts of strangers into annotations and nowhere else', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, message, file) => {
        const at = { file, line: 1, column: 2 };
        const { seen } = log((one) => one.annotate([{ level: 'error', title, message, at }]));
        expect(seen.commands.map((command) => command.name)).toEqual(['error']);
        expect(seen.commands[0]?.properties['line']).toBe('1');
        expect(seen.commands[0]?.properties['file'] ?? '').toBe(visibleCharacters(file));
      }),
    );
  });

  it('uses a new guard each time, and none for nothing', () => {
    const { raw, seen } = log((one) => {
      one.print('a');
      one.print('');
      one.print('b\n\n');
    });
    expect(seen.guards).toHaveLength(2);
    expect(seen.text).toBe('a\nb\n');
    expect(raw).toContain('::stop-commands::');
  });

  it('masks a secret in every form, line by line, before it can be printed', () => {
    const secret = 'line "one" + 😀\n{\nline/two==\r\nlast';
    const { seen } = log((one) => {
      one.mask(new Secret(secret, 'test'));
      one.mask(new Secret(secret, 'test'));
      for (const form of secretForms(secret).values()) one.print(form);
    });
    expect(new Set(seen.masks).size).toBe(seen.masks.length);
    expect(seen.masks).toContain('line/two==');
    // A brace is in every JSON: masked, it would make a log unreadable.
    expect(seen.masks).not.toContain('{');
    expect(seen.masks.filter((one) => /[\r\n]/.test(one))).toEqual([]);
    for (const part of ['line/two', 'line "one"', Buffer.from(secret).toString('base64').slice(4, 20)]) {
      expect(seen.text).not.toContain(part);
    }
  });

  it('masks a secret however short it is, but not its short parts', () => {
    const { seen } = log((one) => one.mask(new Secret('x7', 'test')));
    expect(seen.masks).toContain('x7');
    expect(seen.masks.filter((one) => one !== 'x7' && one.length < 4)).toEqual([]);
  });

  it('shows ten annotations of a level, the last says how many more there are, and the log has the rest', () => {
    const { seen } = log((one) => one.annotate([...make('notice', 3), ...make('warning', 10), ...make('error', 12)]));
    const count = (name: string): number => seen.commands.filter((command) => command.name === name).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([10, 10, 3]);
    expect(seen.commands[0]?.data).toBe('error number 1');
    expect(seen.commands[9]?.properties['title']).toBe('3 more');
    expect(seen.text).toContain('a.yaml:10:1: error: Title: error number 10');
    expect(seen.text).toContain('error number 12');
    expect(seen.text).not.toContain('error number 9');
  });
});
