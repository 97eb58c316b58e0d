import { describe, expect, it } from 'vitest';
import type { Action, Change, FieldChange } from '../../../src/model/plan.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/render-plan-markdown.ts';
import { readGolden } from '../../support/golden.ts';
import { aChange, aPlan, busyPlan, emptyPlan, smallPlan } from '../../support/plans.ts';
import { findMarkdownFlaws } from '../../support/text-flaws.ts';

const githubLimit = 65_536;

describe('renderPlanMarkdown', () => {
  it.each([
    ['small', smallPlan],
    ['busy', busyPlan],
    ['empty', emptyPlan],
  ])('prints the %s plan', (name, plan) => {
    const markdown = renderPlanMarkdown(plan);
    expect(findMarkdownFlaws(markdown)).toEqual([]);
    expect(markdown).toBe(readGolden(`plan/${name}.md`, markdown));
  });

  it('puts a title of the caller above', () => {
    expect(renderPlanMarkdown(emptyPlan, { title: 'Plan <1>' })).toMatch(/^### Plan &#60;1&#62;\n/);
  });

  it('keeps five thousand changes full of emoji within a comment, and says what was cut', () => {
    const changes = manyChanges(5000);
    const markdown = renderPlanMarkdown(aPlan(changes), { maxCharacters: githubLimit, maxBytes: githubLimit });
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(githubLimit);
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(githubLimit * 0.9);
    expect(markdown).toMatch(/\*\*Cut: \d+ more are not shown here \(.*\d+ create.*\)\.\*\*/);
    expect(findMarkdownFlaws(markdown)).toEqual([]);
  });

  it('accounts for every change: shown whole, by name, or counted', () => {
    const changes = manyChanges(300);
    for (const maxBytes of [8000, 20_000, 60_000, 200_000]) {
      const markdown = renderPlanMarkdown(aPlan(changes), { maxBytes });
      const whole = markdown.split('<details>').length - 1;
      const named = Number(/No room for the fields of (\d+) more/.exec(markdown)?.[1] ?? 0);
      const cut = Number(/Cut: (\d+) more/.exec(markdown)?.[1] ?? 0);
      expect(whole + named + cut).toBe(300);
    }
  });

  it('keeps deletes when creates have to go', () => {
    const markdown = renderPlanMarkdown(aPlan(manyChanges(500)), { maxBytes: 10_000 });
    expect(markdown).toContain('- **delete**');
    expect(markdown).not.toContain('<strong>create</strong>');
  });

  it('never shows the values of a secret field, even when they are there by mistake', () => {
    const field: FieldChange = {
      field: '/configuration/x',
      cause: 'drift',
      secret: true,
      before: 'hunter2',
      after: '3',
    };
    for (const action of ['update', 'create', 'authorize'] as const) {
      const markdown = renderPlanMarkdown(aPlan([aChange({ key: 'a', action, fields: [field] })]));
      expect(markdown).toContain('(secret)');
      expect(markdown).not.toContain('hunter');
    }
  });
});

function manyChanges(count: number): readonly Change[] {
  const kinds: readonly Action[] = ['create', 'update', 'delete', 'conflict', 'orphan'];
  return Array.from({ length: count }, (_, index) =>
    aChange({
      key: `📁/${index}`,
      action: kinds[index % kinds.length] ?? 'create',
      name: '📁'.repeat(40),
      fields: [{ field: '/name', cause: 'definition', secret: false, before: '📁', after: '📁'.repeat(40) }],
    }),
  );
}
