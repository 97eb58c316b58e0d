import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/apply.ts';
import { actions } from '../../../src/model/plan.ts';
import type { RecordedInstance, RecordedRun, RunHistory } from '../../../src/model/run-history.ts';
import { createRunFolder } from '../../../src/operation/read-history.ts';
import { visible } from '../../../src/model/visible.ts';
import { renderHistoryText } from '../../../src/report/history/render-history-text.ts';
import { renderHistoryJson } from '../../../src/report/history/render-history-json.ts';
import { toPrintableJson } from '../../../src/report/plan/render-plan-json.ts';
import { anyFoundFailure } from '../../support/failures.ts';
import { anyForeignText } from '../../support/foreign-text.ts';
import { readGolden } from '../../support/golden.ts';
import { created, ended, patched, started, toEvents } from '../../support/records.ts';
import { findTextFlaws } from '../../support/text-flaws.ts';

const lost = { key: 'chat/slack', method: 'POST', path: '/instances', attempt: 1 };

/** A run that went well over midnight, one that failed in part, one that a person stopped, and one that was killed. */
const events = [
  ...toEvents('697f40908500', '2026-11-16T23:59:58.250Z', [
    started,
    ...created('sharefile/polling', '5001'),
    ended(0, { succeeded: 1 }),
  ]),
  ...toEvents('0c07c2b5d690', '2026-11-17T10:00:00.000Z', [
    started,
    ...patched('sharefile/moved', '5001', 200, 'sharefile/polling'),
    ...patched('zendesk/support', '1240', 400),
    {
      event: 'outcome',
      key: 'box',
      action: 'delete',
      status: 'refused',
      failure: { code: 'stale-plan', message: 'It is not what was reviewed.', hint: 'Plan again.' },
    },
    ended(5, { succeeded: 1, failed: 1, refused: 1 }),
  ]),
  ...toEvents('d6100326e3d2', '2026-11-17T11:00:00.000Z', [
    { ...started, baseUrl: 'sandbox', environment: 'sandbox' },
    {
      event: 'run-ended',
      end: 'declined',
      exitCode: 6,
      counts: {},
      interrupted: false,
      message: 'Not applied: there is no terminal for the confirmation.',
      durationMs: 85_000,
    },
  ]),
  ...toEvents('aa11bb22cc33', '2026-11-17T12:00:00.000Z', [
    started,
    ...created('files/dropbox', '2890'),
    { event: 'started', key: 'chat/slack', action: 'create', connector: 'slack', name: 'Slack' },
    { event: 'request-sent', ...lost },
    { event: 'request', ...lost, durationMs: 120_000 },
    { event: 'request', ...lost, method: 'GET', status: 503, durationMs: 40 },
    { event: 'request', ...lost, method: 'GET', attempt: 2, status: 200, durationMs: 40 },
    { event: 'request-sent', ...lost },
  ]),
];

const folder = createRunFolder();
for (const event of events) folder.take(event);
const sample: RunHistory = { runs: folder.runs(), filtered: false };

describe('a history', () => {
  it.each([80, 120])('prints as text of %i columns', (width) => {
    const text = renderHistoryText(sample, { color: false, width });
    expect(findTextFlaws(text, width)).toEqual([]);
    expect(text).toBe(readGolden(`history/history-${width}.txt`, text));
  });

  it('prints as text with colours', () => {
    const text = renderHistoryText(sample, { color: true, width: 80 }).split('\n').map(visible).join('\n');
    expect(text).toBe(readGolden('history/history-80-colour.txt', text));
  });

  it('becomes JSON', () => {
    const json = toPrintableJson(renderHistoryJson(sample));
    expect(json).toBe(readGolden('history/history.json', json));
  });

  it('tells nothing recorded from nothing found', () => {
    const plain = { color: false, width: 80 };
    expect(renderHistoryText({ runs: [], filtered: false }, plain)).toBe('Nothing has been recorded yet.\n');
    expect(renderHistoryText({ runs: [], filtered: true }, plain)).toBe('No recorded run matches.\n');
  });
});

describe('a history full of foreign text', () => {
  const time = '2026-11-17T10:00:00.000Z';
  const head = fc.record({ time: fc.constant(time), run: anyForeignText });
  const action = fc.constantFrom(...actions);
  const status = fc.constantFrom<Outcome['status']>('succeeded', 'skipped', 'failed', 'unclear');
  const failure = fc.oneof(
    anyFoundFailure,
    fc.record({ code: anyForeignText, message: anyForeignText, hint: anyForeignText }),
  );
  const anyInstance: fc.Arbitrary<RecordedInstance> = fc
    .record({
      head,
      action,
      status,
      failure,
      texts: fc.tuple(anyForeignText, anyForeignText, anyForeignText, anyForeignText),
    })
    .map(({ head: line, texts: [key, name, path, id], ...what }) => ({
      key,
      started: { ...line, event: 'started', key, action: what.action, connector: name, name, id, previousKey: path },
      steps: [
        { kind: 'request', method: name, path, attempt: 2, sentAt: time },
        { kind: 'request', method: 'GET', path, attempt: 1, endedAt: time, status: 500, requestId: id, durationMs: 1 },
        { kind: 'unknown', time, name },
      ],
      ended: {
        ...line,
        event: 'outcome',
        key,
        action: what.action,
        status: what.status,
        reason: { code: 'stopped' },
        failure: what.failure,
      },
    }));
  const anyRun: fc.Arbitrary<RecordedRun> = fc
    .record({
      head,
      texts: fc.tuple(anyForeignText, anyForeignText),
      instances: fc.array(anyInstance, { maxLength: 2 }),
    })
    .map(({ head: line, texts: [one, other], instances }) => ({
      run: line.run,
      from: time,
      to: time,
      started: {
        ...line,
        event: 'run-started',
        toolVersion: one,
        workspace: other,
        environment: one,
        baseUrl: other,
        account: one,
        commit: other,
        digest: one,
        planned: {},
        actor: other,
        job: one,
      },
      ended: {
        ...line,
        event: 'run-ended',
        end: 'applied',
        exitCode: 1,
        counts: { [one]: 1 },
        interrupted: true,
        message: other,
        durationMs: 1,
      },
      instances,
    }));

  it('prints as text without control characters, long lines, trailing blanks or commands to a CI runner', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 2 }), fc.integer({ min: 40, max: 130 }), (runs, width) => {
        expect(findTextFlaws(renderHistoryText({ runs, filtered: false }, { color: false, width }), width)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
