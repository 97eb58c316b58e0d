import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/model/apply.ts';
import { applyCodes, describeFailure, describeSkip } from '../../../src/report/result/failure-words.ts';
import { anyFoundFailure, foundCodes } from '../../support/failures.ts';

describe('the words of a failure', () => {
  it('say what happened and what to do, whatever its facts are', () => {
    fc.assert(
      fc.property(anyFoundFailure, (failure) => {
        const { message, hint } = describeFailure(failure, {});
        expect(message.trim()).not.toBe('');
        expect(message).not.toMatch(/undefined|\[object/);
        expect(hint).toMatch(/\.$|\n {2}connectorctl (?:plan|authorize)/);
      }),
    );
  });

  it.each<[Failure, string, string]>([
    [
      { code: 'duplicate-instances', key: 'a', ids: ['7', '8'] },
      '2 live instances carry the key a: ids 7 and 8.',
      'connectorctl plan --delete-duplicate ID',
    ],
    [
      { code: 'tag-not-kept', id: '101', tag: 'own/a' },
      'The platform did not keep the tag own/a on instance 101.',
      '"adopt: 101"',
    ],
    [{ code: 'create-unclear', key: 'a' }, 'and the apply was interrupted.', 'connectorctl plan'],
    [
      { code: 'create-unclear', key: 'a', lookUp: 'HTTP 500.' },
      'looking for the instance failed too: HTTP 500.',
      'plan',
    ],
    [{ code: 'delete-unclear', id: '7', lookUp: 'HTTP 500.' }, 'The delete of instance 7 was answered.', 'plan'],
    [{ code: 'delete-unclear', id: '7', refusal: 'Gone.', lookUp: 'HTTP 500.' }, 'Gone. Reading the', 'plan'],
    [
      { code: 'owner-changed', id: '7', tags: [], expected: ['own', 'own/a'] },
      'Now: none. Expected: own and own/a.',
      'plan',
    ],
    [
      { code: 'read-back-differs', id: '7', missing: ['own/a'], added: ['own/b'], appliedValues: true },
      'own/a is missing, own/b was added, those that remember the applied values are not as written.',
      'connectorctl plan',
    ],
    [
      { code: 'stopped-at-once', key: 'a', action: 'create' },
      'A new instance was in progress (create a)',
      'two minutes',
    ],
    [{ code: 'stopped-at-once', key: 'a', action: 'update', id: '7' }, 'Instance 7 was in progress (update a)', 'now:'],
    [{ code: 'rejected', message: 'Missing entry.' }, 'Missing entry.', 'connectorctl apply'],
    [{ code: 'rejected', message: 'Missing entry.', hint: 'Add it.' }, 'Missing entry.', 'Add it.'],
  ])('of %o', (failure, message, hint) => {
    expect(describeFailure(failure, {}).message).toContain(message);
    expect(describeFailure(failure, {}).hint).toContain(hint);
  });

  it('say why a change was not started', () => {
    expect(describeSkip({ code: 'interrupted' })).toBe('Not started: the apply was interrupted.');
    expect(describeSkip({ code: 'stopped' })).toBe('Not started: the apply was stopped.');
  });
});

describe('the codes of apply', () => {
  it('are all there, each with one line for a page of them', () => {
    expect(applyCodes.map(({ code }) => code)).toEqual([
      ...foundCodes,
      'interrupted',
      'stopped',
      'credentials-refused',
      'drift-left',
      'late-commit',
      'late-write',
      'earlier-run',
      'rate-limited',
      'repeated',
      'not-listed',
      'other-apply',
    ]);
    for (const { help } of applyCodes) expect(help).toMatch(/^[A-Z].+\.$/);
  });
});
