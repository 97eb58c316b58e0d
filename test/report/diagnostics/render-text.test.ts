import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import { renderDiagnosticsText } from '../../../src/report/diagnostics/render-text.ts';
import { displayWidth } from '../../../src/report/escape/terminal.ts';
import { expectGolden } from '../../support/golden.ts';
import { diagnostics, isUnsafe, sources } from './diagnostics.ts';

const sourceOf = (file: string) => sources[file];

function render(
  text: string,
  at: { readonly line: number; readonly column: number; readonly endColumn?: number },
  width = 80,
): string {
  const diagnostic: Diagnostic = {
    severity: 'error',
    code: 'a-code',
    message: 'A message',
    detail: 'A detail.',
    at: { file: 'a.yaml', endLine: at.line, ...at },
  };
  return renderDiagnosticsText([diagnostic], { sourceOf: () => text, color: false, width });
}

/** The line with the source, without its gutter. */
function sourceLine(text: string, line: number): string {
  const shown = render(text, { line, column: 1, endColumn: 2 }).split('\n')[1] ?? '';
  return shown.replace(/^ *\d+ \| ?/, '');
}

describe('renderDiagnosticsText', () => {
  it('shows place, source line, caret, detail, next step and summary', () => {
    const text = renderDiagnosticsText(diagnostics, { sourceOf, color: false, width: 90 });
    expectGolden('diagnostics/text.txt', text);
    expect(text.endsWith('\n6 errors, 3 warnings in 2 files\n')).toBe(true);
  });

  it('fits a narrow terminal', () => {
    const text = renderDiagnosticsText(diagnostics, { sourceOf, color: false, width: 50 });
    expectGolden('diagnostics/text-narrow.txt', text);
    const drawn = text.split('\n').filter((line) => /^ *(\d+)? \| /.test(line));
    expect(drawn.length).toBeGreaterThan(10);
    expect(drawn.filter((line) => displayWidth(line) > 50)).toEqual([]);
  });

  it('colours without changing a word', () => {
    const plain = renderDiagnosticsText(diagnostics, { sourceOf, color: false, width: 90 });
    const coloured = renderDiagnosticsText(diagnostics, { sourceOf, color: true, width: 90 });
    expect(coloured).not.toBe(plain);
    // eslint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain);
  });

  it('does without the source when there is none', () => {
    const text = renderDiagnosticsText(diagnostics, { sourceOf: () => undefined, color: false, width: 90 });
    expect(text).not.toContain(' | ');
    expect(text).toContain('instances/sharefile.yaml:2:1 error unknown-field  Unknown field\n  A definition has');
  });

  it('says nothing about nothing', () => {
    expect(renderDiagnosticsText([], { sourceOf, color: true, width: 90 })).toBe('');
  });

  it('prints no control, bidi or zero-width character, and no command to a CI runner, whatever the file holds', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        fc.constantFrom(':', '#', '[', '\n', '\t'),
      ),
    });
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 40, max: 60 }),
        (source, detail, column, width) => {
          const at = { file: 'a.yaml', line: 1, column, endLine: 1, endColumn: column + 3 };
          const shown = renderDiagnosticsText(
            [{ severity: 'error', code: 'a-code', message: 'A message', detail, hint: detail, at }],
            { sourceOf: () => source, color: false, width },
          );
          expect(isUnsafe(shown)).toBe(false);
          expect(shown).not.toMatch(/^\s*::/m);
          expect(shown).not.toContain('##[');
          expect(shown.split('\n').filter((line) => line.includes(' | ') && displayWidth(line) > width)).toEqual([]);
        },
      ),
    );
  });

  it('puts the caret below the marked characters, however wide they are', () => {
    const [, source = '', marks = ''] = render('a: "日本 ok"\n', { line: 1, column: 8, endColumn: 10 }).split('\n');
    expect(displayWidth(source.slice(0, source.indexOf('ok')))).toBe(marks.indexOf('^'));
    expect(marks.trimEnd().endsWith('^^')).toBe(true);
  });

  it('puts the caret behind the last character when the place is there', () => {
    const [, source = '', marks = ''] = render('key:\n', { line: 1, column: 5 }).split('\n');
    expect(marks.indexOf('^')).toBe(source.length);
  });
});

describe('a source line with a secret', () => {
  it.each([
    ['password: hunter2', 1],
    ['password: "hunter2"   # old', 1],
    ['"oauth.api.secret":"hunter2",', 1],
    ['a: 1\noverrides: { production: { configuration: { x.password: hunter2, y: 2 } } }', 2],
    ['event.notification.signature.key: hunter2', 1],
    ['password: Bearer ${{ secrets.A }}hunter2', 1],
    ['password:\n  hunter2', 2],
    ['password: |\n  first\n\n  hunter2', 4],
    ['password: "first\n  hunter2"', 2],
    ['providerData:\n  code: hunter2', 2],
    ['providerData: { state: ${{ secrets.A }}, code: hunter2 }', 1],
    ['providerData:\n  # the code\n  code:\n    hunter2', 4],
    ['private.key:\n  a: 1\n  b:\n    - hunter2', 4],
    ['{\n"password":\n"hunter2"\n}', 3],
    ['# password: hunter2', 1],
    ['base.url: https://me:hunter2@example.com/', 1],
    ['api.token: 11 hunter2', 1],
    ['password: !!str hunter2', 1],
    ['password: &a hunter2', 1],
    ["password: '\n\n  hunter2'", 3],
  ])('masks it in %j', (text, line) => {
    expect(sourceLine(text, line)).not.toContain('hunter2');
    expect(sourceLine(text, line)).toContain('********');
  });

  it.each([
    ['password: ${{ secrets.A }}', 1],
    ['password: "${{ secrets.A }}" # from the vault', 1],
    ['password: <YOUR_PASSWORD>', 1],
    ['password: |', 1],
    ['password:', 1],
    ['key: finance/sharefile', 1],
    ['oauth.token.url: https;//example.com', 1],
    ['configuration:\n  password: ${{ secrets.A }}\n  base.url: https;//example.com', 3],
    ['providerData: { code: ${{ secrets.A }} }\nname: x', 2],
    ['providerData:\n  code: ${{ secrets.A }}', 2],
    ['password: ${{ secrets.A }}\nidField: Id', 2],
    ['tags:\n  - a@b', 2],
  ])('leaves %j as it is', (text, line) => {
    expect(sourceLine(text, line)).toBe(text.split('\n')[line - 1]);
  });

  it('puts the caret below the mask when the place is inside', () => {
    const lines = render('  password: "a long secret"', { line: 1, column: 15, endColumn: 19 }).split('\n');
    expect(lines.slice(1, 3)).toEqual(['  1 |   password: ********', '    |             ^^^^^^^^']);
  });
});
