import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRunEvent, encodeRunEvent } from '../../src/disk/run-record-line.ts';
import type { RunEvent } from '../../src/model/run-record.ts';
import { anyFoundFailure } from '../support/failures.ts';
import { anyForeignText, unseenCharacters } from '../support/foreign-text.ts';
import { created, ended, patched, started, toEvents } from '../support/records.ts';

const sample = toEvents('a1b2', '2026-11-17T10:00:00.000Z', [
  started,
  ...created('one', '1'),
  ...patched('two', '2', 400, 'before'),
  ended(5, { succeeded: 1, failed: 1 }),
]);

describe('a line of a run record', () => {
  it('gives back the event that it was made from', () => {
    expect(sample.map(encodeRunEvent).map(decodeRunEvent)).toEqual(sample);
  });

  it('is one line of JSON on which a terminal does not act, whatever strangers wrote, and loses nothing', () => {
    fc.assert(
      fc.property(anyForeignText, anyForeignText, anyForeignText, (key, name, message) => {
        const head = { time: '2026-11-17T10:00:00.000Z', run: 'x', key, action: 'create' } as const;
        const events: readonly RunEvent[] = [
          { ...head, event: 'started', connector: 'x', name },
          { ...head, event: 'outcome', status: 'failed', failure: { code: 'x', message } },
        ];
        for (const event of events) {
          const line = encodeRunEvent(event);
          expect(line).not.toMatch(unseenCharacters);
          expect(line).not.toMatch(/\n|##\[|^\s*::/);
          expect(decodeRunEvent(line)).toEqual(event);
        }
      }),
    );
  });

  it('keeps every failure that apply finds, and nothing that does not belong to it', () => {
    const head = { time: '2026-11-17T10:00:00.000Z', run: 'x', key: 'a', action: 'create', event: 'outcome' } as const;
    fc.assert(
      fc.property(anyFoundFailure, (failure) => {
        const event: RunEvent = { ...head, status: 'failed', failure };
        expect(decodeRunEvent(encodeRunEvent(event))).toEqual(event);
        const more = encodeRunEvent(event).replace('"failure":{', '"failure":{"message":7,"more":"x",');
        expect(decodeRunEvent(more)).toEqual(event);
      }),
    );
  });

  it.each([
    ['a failure that this version does not know', 'failed', { failure: { code: 'on-fire', id: '7' } }],
    ['a failure without its facts', 'failed', { failure: { code: 'key-taken', id: '7' } }],
    ['a failure in words only', 'failed', { failure: 'It failed.' }],
    ['a reason that this version does not know', 'skipped', { reason: { code: 'bored' } }],
  ])('is not guessed at with %s', (_what, status, more) => {
    const head = { v: 1, time: '2026-11-17T10:00:00.000Z', run: 'x', event: 'outcome', key: 'a', action: 'create' };
    const line = JSON.stringify({ ...head, status, ...more });
    expect(decodeRunEvent(line)).toMatchObject({ event: 'unknown', kind: 'outcome', key: 'a' });
  });

  it('is never a reason to fail, whatever stands on it', () => {
    const parts = [...sample.map(encodeRunEvent), 'null', '[]', '{}', '{"v":1,"__proto__":{}}'];
    const anyLine = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.constantFrom(...parts), fc.nat(400)).map(([line, length]) => line.slice(0, length)),
      fc.json(),
    );
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(typeof (decodeRunEvent(line)?.run ?? '')).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});
