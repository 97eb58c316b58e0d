import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { diffJson, unpackJson } from '../../../src/report/plan/diff-json.ts';

describe('diffJson', () => {
  it('answers only what differs, as a tree', () => {
    const before = { same: 1, inner: { url: 'a', keep: true }, gone: [1, 2] };
    const after = { same: 1, inner: { url: 'b', keep: true }, fresh: { x: null } };
    expect(diffJson(before, after)).toEqual([
      { name: 'inner', kind: 'changed', children: [{ name: 'url', before: 'a', after: 'b' }] },
      {
        name: 'gone',
        kind: 'removed',
        children: [
          { name: '[0]', before: 1 },
          { name: '[1]', before: 2 },
        ],
      },
      { name: 'fresh', kind: 'added', children: [{ name: 'x', after: null }] },
    ]);
  });

  it.each([
    ['a list against an object', { a: [1] }, { a: { 0: 1 } }, [{ name: 'a', before: [1], after: { 0: 1 } }]],
    ['text against an object', { a: 'x' }, { a: { b: 1 } }, [{ name: 'a', before: 'x', after: { b: 1 } }]],
    ['something empty', {}, { a: {} }, [{ name: 'a', after: {} }]],
    ['a key that is special to JavaScript', {}, JSON.parse('{"__proto__":1}'), [{ name: '__proto__', after: 1 }]],
  ])('shows %s as one leaf', (_, before, after, expected) => {
    expect(diffJson(before, after)).toEqual(expected);
  });

  it('answers nothing for equal values, whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.json()), (texts) => {
        const value = Object.fromEntries(
          Object.entries(texts).map(([key, text]): [string, Json] => [key, JSON.parse(text)]),
        );
        const turned = Object.fromEntries(Object.entries(value).toReversed());
        expect(diffJson(value, turned)).toEqual([]);
      }),
    );
  });
});

describe('unpackJson', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    [' [1]', [1]],
    ['{broken', '{broken'],
    ['15', '15'],
    [15, 15],
    ['', ''],
  ])('reads %j as %j', (text, value) => {
    expect(unpackJson(text)).toEqual(value);
  });

  it('leaves text alone that is nested deeper than any configuration', () => {
    const text = `${'{"a":'.repeat(30)}1${'}'.repeat(30)}`;
    expect(unpackJson(text)).toBe(text);
  });
});
