import { describe, expect, it } from 'vitest';
import { renderDiagnosticsJson, toDiagnosticsJson } from '../../../src/report/diagnostics/render-json.ts';
import { diagnostics, isUnsafe } from './diagnostics.ts';

describe('renderDiagnosticsJson', () => {
  it('is an array of flat objects', () => {
    const parsed: readonly unknown[] = JSON.parse(renderDiagnosticsJson(diagnostics));
    expect(parsed[0]).toEqual({
      severity: 'error',
      code: 'unknown-field',
      message: 'Unknown field',
      detail: 'A definition has no field `nme`, so it would have no effect.',
      hint: 'Did you mean `name`?',
      file: 'instances/sharefile.yaml',
      line: 2,
      column: 1,
      endLine: 2,
      endColumn: 4,
    });
    expect(parsed[7]).toMatchObject({ related: [{ message: 'the first one', line: 3, column: 6 }] });
    expect(parsed[8]).not.toHaveProperty('file');
    expect(parsed).toHaveLength(diagnostics.length);
  });

  it('loses nothing, and prints nothing that a terminal would act on', () => {
    const text = renderDiagnosticsJson(diagnostics);
    expect(JSON.parse(text)).toEqual(toDiagnosticsJson(diagnostics));
    expect(isUnsafe(text)).toBe(false);
  });

  it('is an empty array for nothing', () => {
    expect(renderDiagnosticsJson([])).toBe('[]\n');
  });
});
