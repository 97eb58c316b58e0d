import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Risk } from '../../../src/model/plan-codes.ts';
import { visible } from '../../../src/model/visible.ts';
import { type PlanOutcome, renderPlanComment } from '../../../src/report/github/render-plan-comment.ts';
import { anySkeleton, links, marker, pages, rules } from '../../support/foreign-pages.ts';
import { anyForeignText, unseenCharacters } from '../../support/foreign-text.ts';
import { findTreeFlaws, shapeOf, wordsOf } from '../../support/markdown-tree.ts';
import { aChange, aPlan } from '../../support/plans.ts';

describe.each(Object.entries(pages))('%s', (_, write) => {
  it('has the structure that it has with harmless words, whatever strangers write, and nothing in it acts', () => {
    fc.assert(
      fc.property(anySkeleton, fc.array(anyForeignText, { minLength: 1, maxLength: 12 }), (skeleton, texts) => {
        let index = -1;
        const hostile = write(skeleton)(() => {
          index += 1;
          return texts[index % texts.length] ?? '';
        });
        const harmless = write(skeleton)((word) => word);
        const shape = shapeOf(harmless);
        expect(findTreeFlaws(hostile, rules)).toEqual([]);
        expect(hostile).not.toMatch(unseenCharacters);
        expect(shapeOf(hostile)).toBe(shape);
        expect(Buffer.byteLength(hostile)).toBeLessThanOrEqual(65_536);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what strangers write', () => {
  it('can be read as it is, with a sign for what cannot be seen', () => {
    fc.assert(
      fc.property(anyForeignText, (text) => {
        const risk: Risk = { code: 'callback-host-changed', key: text, from: 'a', to: 'b', secret: false };
        const change = aChange({ key: 'k', action: 'delete', risks: [risk] });
        const outcome: PlanOutcome = { kind: 'planned', plan: aPlan([change]), diagnostics: [] };
        const words = wordsOf(renderPlanComment({ outcome, environment: 'production', marker, links }).body);
        const shown = Array.from(visible(text)).slice(0, 230).join('').trim();
        expect(words.replaceAll('\u200b', '')).toContain(shown);
      }),
      { numRuns: 60 },
    );
  });

  it('does not make a page too long, even sixty thousand characters in every place', () => {
    const long = '📁`|@a<!-- $ '.repeat(5000);
    for (const write of Object.values(pages)) {
      const flag = Array.from({ length: 6 }, () => true);
      const change = { action: 'update', has: flag, risks: 1, notes: 1 } as const;
      const body = write({
        changes: [{ ...change, fields: [{ cause: 'drift', secret: false, both: true }] }],
        diagnostics: [{ isError: true, has: flag }],
        has: flag,
        status: 'failed',
      })(() => long);
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536);
      expect(findTreeFlaws(body, rules)).toEqual([]);
    }
  });
});
