import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { type Action, actions, type Cause, type Change, type FieldChange, type Plan } from '../../../src/model/plan.ts';
import { toPointer } from '../../../src/model/position.ts';
import { renderPlanJson } from '../../../src/report/plan/render-plan-json.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../../../src/report/plan/render-plan-text.ts';
import { anyForeignText, unseenCharacters } from '../../support/foreign-text.ts';
import { everyMeaning, everyNote, everyReason, everyRisk } from '../../support/plan-codes.ts';
import { withoutWords } from '../../support/plan-words.ts';
import { aPlan } from '../../support/plans.ts';
import { findMarkdownFlaws, findTextFlaws } from '../../support/text-flaws.ts';

const causes: readonly Cause[] = ['definition', 'drift', 'conflict', 'secret', 'removed'];

const anyJson = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    anyForeignText,
    fc.constantFrom(null, true, 15, '', '{}'),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(anyForeignText, tie('json'), { maxKeys: 4 }),
  ),
})).json;

const anyValue = fc.oneof(
  anyJson,
  anyJson.map((json) => JSON.stringify(json)),
);

/** Any of the codes, with foreign text in its arguments. */
function anyOf<T>(every: (say: () => string) => readonly T[]): fc.Arbitrary<T> {
  return anyForeignText.chain((text) => fc.constantFrom(...every(() => text)));
}

const anyField: fc.Arbitrary<FieldChange> = fc.record(
  {
    field: fc.oneof(
      fc.constantFrom('/name', '/tags', '/enabled'),
      anyForeignText.map((key) => toPointer('configuration', key)),
    ),
    cause: fc.constantFrom(...causes),
    secret: fc.boolean(),
    before: anyValue,
    after: anyValue,
    meaning: anyOf(everyMeaning),
  },
  { requiredKeys: ['field', 'cause', 'secret'] },
);

const anyChange: fc.Arbitrary<Change> = fc.record(
  {
    key: anyForeignText,
    action: fc.constantFrom<Action[]>(...actions),
    connector: anyForeignText,
    name: anyForeignText,
    id: anyForeignText,
    previousKey: anyForeignText,
    source: fc.record({ file: anyForeignText, line: fc.nat() }),
    fields: fc.array(anyField, { maxLength: 4 }),
    risks: fc.array(anyOf(everyRisk), { maxLength: 2 }),
    notes: fc.array(anyOf(everyNote), { maxLength: 2 }),
    reason: anyOf(everyReason),
    digest: fc.constant('0'.repeat(64)),
  },
  { requiredKeys: ['key', 'action', 'connector', 'name', 'fields', 'risks', 'notes', 'digest'] },
);

const anyPlan: fc.Arbitrary<Plan> = fc
  .record({
    changes: fc.array(anyChange, { maxLength: 3 }),
    environment: anyForeignText,
    workspace: anyForeignText,
    target: fc.record({ baseUrl: anyForeignText, account: anyForeignText }),
    commit: anyForeignText,
  })
  .map(({ changes, ...rest }) => aPlan(changes, rest));

describe('a plan full of foreign text', () => {
  it('prints as text without control characters, long lines, trailing blanks or commands to a CI runner', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 40, max: 130 }), fc.boolean(), (plan, width, verbose) => {
        const text = renderPlanText(plan, { color: false, width, verbose });
        expect(findTextFlaws(text, width)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('prints the same words with and without colour', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const coloured = renderPlanText(plan, { color: true, width: 80 });
        // oxlint-disable-next-line no-control-regex
        expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderPlanText(plan, { color: false, width: 80 }));
      }),
    );
  });

  it('prints as Markdown whose structure is our own', () => {
    fc.assert(
      fc.property(anyPlan, anyForeignText, (plan, title) => {
        expect(findMarkdownFlaws(renderPlanMarkdown(plan, { title }))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('prints as Markdown within its limits, cut between blocks', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({ min: 6000, max: 12_000 }), (plan, limit) => {
        const markdown = renderPlanMarkdown(plan, { maxBytes: limit, maxCharacters: limit });
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limit);
        expect(findMarkdownFlaws(markdown)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('prints as JSON that says the same and has no character that acts', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        const json = renderPlanJson(plan);
        expect(json).not.toMatch(unseenCharacters);
        expect(withoutWords(JSON.parse(json))).toEqual(withoutWords(JSON.parse(JSON.stringify(plan))));
      }),
    );
  });
});
