import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import type { Change } from '../../../src/model/plan.ts';
import { type Annotation, renderAnnotation } from '../../../src/report/diagnostics/annotation.ts';
import { selectAnnotations } from '../../../src/report/github/select-annotations.ts';
import { anyForeignText, unseenCharacters } from '../../support/foreign-text.ts';
import { expectGolden } from '../../support/golden.ts';
import { aChange, busyPlan } from '../../support/plans.ts';

const options = { pathPrefix: 'platform/', workspaceFile: 'connectorctl.yaml' };

const problem: Diagnostic = {
  severity: 'error',
  code: 'unknown-field',
  message: 'Unknown field',
  detail: 'A definition has no field `nme`.',
  hint: 'Did you mean `name`?',
  at: { file: 'instances/a.yaml', line: 2, column: 1, endLine: 2, endColumn: 4 },
};

describe('selectAnnotations', () => {
  it('puts problems, conflicts, deletions, replaces, risks, drift and what waits on their lines, in this order', () => {
    const { annotations, leftOut } = selectAnnotations(busyPlan, [problem], options);
    expect(leftOut).toBe(0);
    expectGolden('github/annotations.txt', renderAnnotations(annotations));
  });

  it('keeps to ten of each level, and drops the harmless', () => {
    const drifted = manyChanges(30, (index) => ({
      key: `d${index}`,
      action: 'update',
      fields: [{ field: '/name', cause: 'drift', secret: false, before: 'a', after: 'b', line: 7 }],
    }));
    const deleted = manyChanges(8, (index) => ({ key: `x${index}`, action: 'delete' }));
    const { annotations, leftOut } = selectAnnotations(
      { environment: 'production', changes: [...drifted, ...deleted] },
      [],
      options,
    );
    expect(annotations.map(({ level }) => level)).toEqual(Array.from({ length: 10 }, () => 'warning'));
    expect(annotations.filter(({ title }) => title.endsWith('will be deleted'))).toHaveLength(8);
    expect(leftOut).toBe(28);
    expect(
      selectAnnotations({ environment: 'production', changes: deleted }, [], { ...options, total: 3 }).annotations,
    ).toHaveLength(3);
  });

  it('puts a deleted definition on the workspace file, or on none', () => {
    const changes = manyChanges(1, () => ({ key: 'x', action: 'delete' }));
    expect(selectAnnotations({ environment: 'production', changes }, [], options).annotations[0]).toMatchObject({
      at: { file: 'platform/connectorctl.yaml', line: 1 },
    });
    expect(selectAnnotations({ environment: 'production', changes }, []).annotations[0]).toMatchObject({
      at: undefined,
    });
  });

  it('gives a place of several lines no columns', () => {
    const at = { file: 'a.yaml', line: 2, column: 3, endLine: 4, endColumn: 1 };
    const [annotation] = selectAnnotations(undefined, [{ ...problem, at }]).annotations;
    expect(annotation).toMatchObject({ at: { file: 'a.yaml', line: 2, endLine: 4 } });
    expect(annotation?.at).not.toHaveProperty('column');
  });

  it('never shows a secret that drifted, even when it is there by mistake', () => {
    const changes = manyChanges(1, () => ({
      key: 'x',
      action: 'update',
      fields: [{ field: '/configuration/p', cause: 'drift', secret: true, before: 'hunter2', after: '3' }],
    }));
    const text = renderAnnotations(selectAnnotations({ environment: 'production', changes }, []).annotations);
    expect(text).toContain('The platform has (secret)');
    expect(text).not.toContain('hunter');
  });

  it('becomes one command a line, whatever strangers write', () => {
    fc.assert(
      fc.property(anyForeignText, anyForeignText, (one, two) => {
        const change = aChange({
          key: one,
          action: 'delete',
          name: two,
          reason: { code: 'same-name', instances: [one, two] },
        });
        const risky: Change = {
          ...change,
          action: 'update',
          source: { file: two, line: 3 },
          risks: [{ code: 'callback-host-changed', key: one, from: one, to: two, secret: false }],
          fields: [{ field: '/name', cause: 'drift', secret: false, before: one, after: two }],
        };
        const diagnostic: Diagnostic = { ...problem, code: one, message: two, detail: `${one}\n${two}`, hint: one };
        const { annotations } = selectAnnotations(
          { environment: 'production', changes: [change, risky] },
          [diagnostic],
          options,
        );
        const lines = renderAnnotations(annotations).trimEnd().split('\n');
        expect(lines).toHaveLength(4);
        for (const line of lines) {
          expect(line).toMatch(/^::(?:error|warning|notice) (?:\w+=[^,:]*)(?:,\w+=[^,:]*)*::/);
          expect(line.slice(2).split('::')).toHaveLength(2);
          expect(line).not.toContain('##[');
          expect(line).not.toMatch(unseenCharacters);
          expect(line.length).toBeLessThan(8000);
        }
      }),
    );
  });
});

function manyChanges(
  count: number,
  make: (index: number) => Partial<Change> & Pick<Change, 'key' | 'action'>,
): readonly Change[] {
  return Array.from({ length: count }, (_, index) => aChange(make(index)));
}

function renderAnnotations(annotations: readonly Annotation[]): string {
  return annotations.map((one) => `${renderAnnotation(one)}\n`).join('');
}
