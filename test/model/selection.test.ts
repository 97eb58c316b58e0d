import { describe, expect, it } from 'vitest';
import { findUnmatched, isSelected, matchesName, nearestSelection } from '../../src/model/selection.ts';
import { namesOf, selectionOf, type Plan } from '../../src/model/plan.ts';

describe('a name of --only or --exclude', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'A', false],
    ['support/tickets', 'support/tickets', true],
    ['support/tickets', 'support', false],
    ['support/*', 'support/tickets', true],
    ['support/*', 'support/chat/live', false],
    ['support/*', 'support', false],
    ['*', 'a', true],
    ['*', 'a/b', false],
    ['support/t*s', 'support/tickets', true],
    ['support/t*t', 'support/tickets', false],
    ['*-eu', 'crm-eu', true],
    ['*-eu', 'crm-eu-2', false],
    ['crm-?', 'crm-1', true],
    ['crm-?', 'crm-10', false],
    ['a?b', 'a/b', false],
    ['a?b', 'a😀b', true],
    ['support/**', 'support/tickets', true],
    ['support/**', 'support/chat/live', true],
    ['support/**', 'support', false],
    ['support/**', 'supporters/a', false],
    ['**', 'a', true],
    ['**', 'a/b/c', true],
    ['**/live', 'live', true],
    ['**/live', 'support/chat/live', true],
    ['**/live', 'support/olive', false],
    ['support/**/live', 'support/live', true],
    ['support/**/live', 'support/a/b/live', true],
    ['**/chat/**', 'support/chat/live', true],
    ['**/chat/**', 'support/chat', false],
    ['s**t/a', 'support/a', true],
    ['s**t/a', 'sup/port/a', false],
    ['a.b', 'axb', false],
    ['[ab]', 'a', false],
    ['', 'a', false],
  ])('%s means %s: %s', (name, key, expected) => {
    expect(matchesName(key, name)).toBe(expected);
  });

  it('is compared in a time that does not explode with its wildcards', () => {
    const [segment, key] = ['*a'.repeat(70), 'a'.repeat(149)];
    const start = performance.now();
    expect(matchesName(`${key}b`, segment)).toBe(false);
    expect(matchesName('a/'.repeat(74) + 'b', '**/a/'.repeat(30) + 'c')).toBe(false);
    expect(performance.now() - start).toBeLessThan(200);
  });

  it('that means nothing is found, with the one that was probably meant', () => {
    const keys = ['support/tickets', 'support/chat/live', 'sales'];
    expect(findUnmatched(['support/*', 'suport/*', 'sale'], keys)).toEqual(['suport/*', 'sale']);
    expect(nearestSelection('suport/*', keys)).toBe('support/*');
    expect(nearestSelection('support/chta/**', keys)).toBe('support/chat/**');
    expect(nearestSelection('sale', keys)).toBe('sales');
    expect(nearestSelection('*-eu', keys)).toBe(undefined);
  });

  it('that is a file, or the end of one key only, means that key', () => {
    const keys = ['support/tickets', 'support/eu/chat', 'sales/eu/chat', 'sales'];
    expect(nearestSelection('instances/support/eu/chat.yaml', keys)).toBe('support/eu/chat');
    expect(nearestSelection('./instances/sales.yml', keys)).toBe('sales');
    expect(nearestSelection('/home/me/crm/instances/sales.yaml', keys)).toBe('sales');
    expect(nearestSelection('tickets', keys)).toBe('support/tickets');
    expect(nearestSelection('./tickets.yaml', keys)).toBe('support/tickets');
    expect(nearestSelection('chat', keys)).toBe(undefined);
  });

  it('that is a folder, or nearly one, means what is in it', () => {
    const keys = ['support/tickets', 'support/chat/live', 'deep/er/one', 'sales'];
    expect(['support', 'support/', 'support/chat', 'deep'].map((name) => nearestSelection(name, keys))).toEqual([
      'support/*',
      'support/*',
      'support/chat/*',
      'deep/**',
    ]);
    expect(nearestSelection('suport', keys)).toBe('support/*');
    expect(nearestSelection('nothing-like-it', keys)).toBe(undefined);
  });
});

describe('a selection', () => {
  it('is what only names without what exclude names', () => {
    const keys = ['a', 'b/c', 'b/d'];
    const select = (only: readonly string[] | undefined, exclude: readonly string[] | undefined) =>
      keys.filter((key) => isSelected(key, { only, exclude }));
    expect(select(undefined, undefined)).toEqual(keys);
    expect(select(['b/*'], undefined)).toEqual(['b/c', 'b/d']);
    expect(select(undefined, ['b/*'])).toEqual(['a']);
    expect(select(['b/*', 'a'], ['b/c'])).toEqual(['a', 'b/d']);
    expect(select([], undefined)).toEqual([]);
  });

  it('stands in the plan as it was given, sorted, and comes back from it', () => {
    const names = namesOf({ only: ['b', 'a/*'], exclude: ['z'], resend: undefined, prune: true });
    expect(names).toStrictEqual({ only: ['a/*', 'b'], exclude: ['z'] });
    const plan: Plan = {
      formatVersion: '1.0',
      toolVersion: '0',
      workspace: 'acme',
      environment: 'test',
      target: { baseUrl: 'sandbox' },
      summary: { ...countNothing },
      changes: [],
      digest: '',
      ...names,
    };
    expect(selectionOf(plan)).toEqual({ ...names, prune: false, allowReplace: false });
  });
});

const countNothing = {
  create: 0,
  update: 0,
  move: 0,
  adopt: 0,
  reauthorize: 0,
  blocked: 0,
  remember: 0,
  replace: 0,
  delete: 0,
  orphan: 0,
  authorize: 0,
  conflict: 0,
  unchanged: 0,
};
