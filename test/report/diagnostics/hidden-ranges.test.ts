import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiddenRanges } from '../../../src/report/diagnostics/hidden-ranges.ts';
import { renderDiagnosticsText } from '../../../src/report/diagnostics/render-text.ts';

/** The line as it is shown, with `*` for each part that is hidden. */
function show(text: string, index = 0): string {
  const lines = text.split('\n');
  const line = lines[index] ?? '';
  let at = 0;
  const shown = hiddenRanges(lines, index).map(({ start, end }) => {
    const before = line.slice(at, start);
    at = end;
    return `${before}*`;
  });
  return shown.join('') + line.slice(at);
}

describe('hiddenRanges', () => {
  it('hides the values of a flow mapping one by one', () => {
    expect(show('configuration: { username: u, password: x }')).toBe('configuration: { username: *, password: * }');
    expect(show('configuration: { password: "a, b: c", path: /in }')).toBe('configuration: { password: *, path: /in }');
    expect(show(`- { "password":'it''s', "on": true, token: \${{ secrets.A }} }`)).not.toContain('it');
    expect(show('overrides: { prod: { password: x, path: /in }, dev: { headers: { a: b }, c: d } }')).toBe(
      'overrides: { prod: { password: *, path: /in }, dev: { headers: *, c: d } }',
    );
    expect(show('configuration: { password: x, path: /in } # was x')).toBe(
      'configuration: { password: *, path: /in } *',
    );
  });

  it('hides them so on each line of one', () => {
    const text = 'configuration: {\n  username: u, password: x,\n  token: t, path: /in }';
    expect(show(text, 1)).toBe('  username: *, password: *,');
    expect(show(text, 2)).toBe('  token: *, path: /in }');
  });

  it('hides the rest of a line that it cannot read for certain', () => {
    for (const rest of [
      'a, b }',
      'x}y, path: /in }',
      '"a, path: /in }',
      'x #a, path: b }',
      '&a x, path: b }',
      'a,, b c: d }',
    ])
      expect(show(`configuration: { password: ${rest}`)).toBe('configuration: { password: *');
    expect(show('notes: a, password: b, path: c')).toBe('notes: a, password: *');
    expect(show('password: |\n  a: { password: b, path: c }', 1)).not.toContain('c');
    expect(show('configuration: { password: "abc\n  def, username: u, path: x" }', 1)).toBe('  *');
    expect(show('configuration: { password: abc\n  def: ghi, path: x }', 1)).not.toContain('ghi');
  });

  it('hides the credentials of every URL', () => {
    expect(show('configuration: { url: "https://u:p@h", password: x, other: "https://v:q@h" }')).toBe(
      'configuration: { url: "https://*@h", password: *, other: "https://*@h" }',
    );
    expect(show('urls: [https://u:p@h, https://v:q@h]')).toBe('urls: [https://*@h, https://*@h]');
  });

  it('lets no secret through, whatever stands beside it', () => {
    const value = fc.constantFrom(
      'HUSH',
      '"HUSH"',
      "'a, HUSH: b'",
      '"\\"HUSH, c: d"',
      'HU:HUSH',
      '{ a: HUSH, b: HUSH }',
      'a#HUSH',
    );
    const other = fc.constantFrom(
      'path: /in',
      'on: true',
      'a: { b: c }',
      '"q":"}{"',
      "e: ',:'",
      'f:',
      'url: https://h/x',
    );
    const secret = fc
      .tuple(fc.constantFrom('password', 'api_key', '"token"', 'headers'), value)
      .map((pair) => pair.join(': '));
    const pairs = fc.array(fc.oneof(secret, other), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(pairs, fc.constantFrom('', ' # HUSH'), fc.boolean(), (chosen, comment, isCut) => {
        const hasSecret = chosen.some((pair) => pair.includes('HUSH'));
        const text = `configuration: { ${chosen.join(isCut ? ',\n  ' : ', ')} }${hasSecret && !isCut ? comment : ''}`;
        for (const index of text.split('\n').keys()) expect(show(text, index)).not.toContain('HUSH');
      }),
      { numRuns: 300 },
    );
  });

  it('has the caret stand under what is meant', () => {
    const source = 'configuration: { username: u, password: x, nosuch: 1 }';
    const caret = (word: string) => {
      const column = source.indexOf(word) + 1;
      const at = { file: 'a.yaml', line: 1, column, endLine: 1, endColumn: column + word.length };
      const text = renderDiagnosticsText(
        [{ code: 'literal-secret', severity: 'error', message: 'm', detail: 'd', at }],
        {
          sourceOf: () => source,
          color: false,
          width: 100,
        },
      );
      const [, line = '', marks = ''] = text.split('\n');
      return line.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1);
    };
    expect(['username', 'password', 'nosuch'].map(caret)).toEqual(['username', 'password', 'nosuch']);
  });
});
