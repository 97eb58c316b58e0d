import { describe, expect, it } from 'vitest';

import { applyOverride } from '../../src/definition/merge-overrides.ts';
import { readDefinition } from '../support/definitions.ts';

const definition = readDefinition(`connector: sharefile
name: Base
tags: [one, two]
configuration:
  kept: 1
  changed: base
  taken: base
  empty: null
  poller: { a: 1, b: 2 }
overrides:
  production:
    name: Live
    tags: []
    configuration: { changed: live, added: true, taken: null, poller: { a: 3 }, __proto__: x }
  bare: {}
`);

describe('applyOverride', () => {
  it('replaces name and tags, and merges the configuration key by key', () => {
    const { name, tags, configuration } = applyOverride(definition, 'production');
    expect({ name, tags }).toEqual({ name: 'Live', tags: [] });
    expect(Object.entries(configuration)).toEqual([
      ['kept', 1],
      ['changed', 'live'],
      ['poller', { a: 3 }],
      ['added', true],
      ['__proto__', 'x'],
    ]);
  });

  it.each(['bare', 'other', 'constructor', '__proto__'])('changes nothing for %s', (environment) => {
    const { name, tags, configuration } = applyOverride(definition, environment);
    expect({ name, tags }).toEqual({ name: 'Base', tags: ['one', 'two'] });
    expect(Object.keys(configuration)).toEqual(['kept', 'changed', 'taken', 'poller']);
  });

  it('leads to the override where the value comes from there', () => {
    const merged = applyOverride(definition, 'production');
    const lines = ['/name', '/tags/0', '/connector', '/configuration', '/configuration/kept'].map(
      (pointer) => merged.at(pointer).line,
    );
    expect(lines).toEqual([12, 13, 1, 5, 5]);
    expect(merged.at('/configuration/changed')).toMatchObject({ line: 14, column: 31 });
    expect(merged.at('/configuration/poller/a', 'key')).toMatchObject({ line: 14, column: 73 });
    expect(merged.at('')).toEqual(definition.at(''));
  });

  it('changes nothing the second time', () => {
    const once = applyOverride(definition, 'production');
    const twice = applyOverride(once, 'production');
    expect({ ...twice, at: undefined }).toEqual({ ...once, at: undefined });
    expect(twice.at('/name')).toEqual(once.at('/name'));
  });
});
