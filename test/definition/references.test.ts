import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collectReferences, findReferences } from '../../src/definition/references.ts';
import { readDefinition } from '../support/definitions.ts';

describe('findReferences', () => {
  it.each([
    ['${{ secrets.A }}', 'secrets', 'A'],
    ['${{vars.callbackHost}}', 'vars', 'callbackHost'],
    ['${{   vars._x1   }}', 'vars', '_x1'],
    ['${{\n  vars.x\n}}', 'vars', 'x'],
  ])('reads %j', (text, kind, name) => {
    expect(findReferences(text)).toEqual([{ kind, name, start: 0, end: text.length }]);
  });

  it('finds all of them with their places', () => {
    const text = 'https://${{ vars.host }}:${{ vars.port }}/';
    expect(findReferences(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      '${{ vars.host }}',
      '${{ vars.port }}',
    ]);
  });

  it.each([
    "${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}",
    '${date:yyyy}',
    '${epoch}',
    '${epoch:ms}',
    '${dateTimeZone:Z:x}',
    '{{ secrets.A }}',
    '${ {secrets.A}}',
    '$${ x }',
  ])('leaves %s to the platform', (text) => {
    expect(findReferences(text)).toEqual([]);
  });

  it.each([
    ['${{ secrets }}', 'must be followed by a dot and a name'],
    ['${{ secrets. }}', 'must be followed by a dot and a name'],
    ['${{ env.X }}', 'Only `secrets.NAME` and `vars.NAME`'],
    ['${{ }}', 'Only `secrets.NAME` and `vars.NAME`'],
    ['${{ SECRETS.X }}', 'Only `secrets.NAME` and `vars.NAME`'],
    ['${{ secrets.my-name }}', 'A name begins with a letter'],
    ['${{ secrets.1 }}', 'A name begins with a letter'],
    ['${{ vars.a.b }}', 'A name begins with a letter'],
    ["${{ secrets['A'] }}", 'Only `secrets.NAME` and `vars.NAME`'],
    ['${{secrets.X', 'closing `}}` is missing'],
    ['${{ secrets.X }', 'closing `}}` is missing'],
  ])('says what is wrong with %s', (text, problem) => {
    const [reference, ...others] = findReferences(text);
    expect(others).toEqual([]);
    expect(reference).toMatchObject({ kind: 'unknown', start: 0, end: text.length });
    expect(reference?.problem).toContain(problem);
  });

  it('still finds the next one after one that is not closed', () => {
    expect(findReferences('${{ secrets.A ${{ vars.B }}').map(({ kind }) => kind)).toEqual(['unknown', 'vars']);
  });

  it('reads a text full of openings', () => {
    expect(findReferences(`${'${{'.repeat(300_000)} }}`)).toHaveLength(300_000);
  });

  it('never overlaps, and finds something exactly where `${{` stands', () => {
    const text = fc
      .array(fc.constantFrom('${{', '}}', ' ', 'secrets.A', 'vars.b', '$', '{', '}', 'x', '\n'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (source) => {
        const found = findReferences(source);
        expect(found.length > 0).toBe(source.includes('${{'));
        for (const [index, { start, end }] of found.entries()) {
          expect(source.startsWith('${{', start)).toBe(true);
          expect(end).toBeLessThanOrEqual(found[index + 1]?.start ?? source.length);
        }
      }),
    );
  });
});

describe('collectReferences', () => {
  const definition = readDefinition(`connector: sharefile
name: A \${{ vars.name }}
tags: [x, "\${{ vars.tag }}"]
configuration:
  plain: https://\${{ vars.host }}/x
  nested: { list: [ "\${{ secrets.DEEP }}" ] }
  replaced: \${{ secrets.OLD }}
  taken: \${{ secrets.GONE }}
overrides:
  production:
    configuration:
      replaced: \${{ secrets.NEW }}
      taken: null
providerData:
  code: \${{ secrets.CODE
`);

  it('gives each one in force with its pointer and exact place', () => {
    expect(
      collectReferences(definition, 'production').map(
        ({ name, pointer, at }) => `${at.line}:${at.column} ${pointer} ${name}`,
      ),
    ).toEqual([
      '2:9 /name name',
      '3:12 /tags/1 tag',
      '5:18 /configuration/plain host',
      '6:22 /configuration/nested/list/0 DEEP',
      '12:17 /configuration/replaced NEW',
      '15:9 /providerData/code secrets.CODE',
    ]);
  });

  it('leaves the overrides of other environments alone', () => {
    expect(collectReferences(definition, 'sandbox').map(({ name }) => name)).toEqual([
      'name',
      'tag',
      'host',
      'DEEP',
      'OLD',
      'GONE',
      'secrets.CODE',
    ]);
  });
});
