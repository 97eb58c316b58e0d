import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/apply.ts';
import { actions } from '../../../src/model/plan.ts';
import { visible } from '../../../src/model/visible.ts';
import { toPrintableJson } from '../../../src/report/plan/render-plan-json.ts';
import { renderEventLine } from '../../../src/report/result/render-event-line.ts';
import { renderResultMarkdown } from '../../../src/report/result/render-result-markdown.ts';
import { renderResultText } from '../../../src/report/result/render-result-text.ts';
import { renderResultJson } from '../../../src/report/result/render-result-json.ts';
import { anyFoundFailure } from '../../support/failures.ts';
import { anyForeignText, unseenCharacters } from '../../support/foreign-text.ts';
import { readGolden } from '../../support/golden.ts';
import { aChange } from '../../support/plans.ts';
import { badResult, goodResult } from '../../support/results.ts';
import { findMarkdownFlaws, findTextFlaws } from '../../support/text-flaws.ts';

const plain = { color: false, width: 80 };

describe.each([
  ['good', goodResult],
  ['bad', badResult],
])('a %s result', (name, result) => {
  it('prints as text', () => {
    for (const width of [80, 120]) {
      const text = renderResultText(result, { color: false, width });
      expect(text).toBe(readGolden(`result/${name}-${width}.txt`, text));
    }
  });

  it('prints as text with colours', () => {
    const text = renderResultText(result, { color: true, width: 80 }).split('\n').map(visible).join('\n');
    expect(text).toBe(readGolden(`result/${name}-80-colour.txt`, text));
  });

  it('prints as Markdown', () => {
    const markdown = renderResultMarkdown(result);
    expect(findMarkdownFlaws(markdown)).toEqual([]);
    expect(markdown).toBe(readGolden(`result/${name}.md`, markdown));
  });

  it('becomes JSON', () => {
    const json = toPrintableJson({ result: renderResultJson(result) });
    expect(json).toBe(readGolden(`result/${name}.json`, json));
  });
});

describe('a result that says little', () => {
  it('says that nothing was applied', () => {
    expect(renderResultText({ outcomes: [], interrupted: false }, plain)).toBe('Applied: nothing.\n');
  });

  it('does not call a conflict a failure', () => {
    const change = aChange({ key: 'a', action: 'conflict' });
    const outcomes: readonly Outcome[] = [{ change, status: 'skipped', reason: { code: 'stopped' } }];
    expect(renderResultText({ outcomes, interrupted: false }, plain)).toBe(
      '-  a  conflict  Not started: the apply was stopped.\n\nApplied: nothing. 1 skipped.\n',
    );
  });
});

describe('renderEventLine', () => {
  const change = aChange({ key: 'sharefile/polling', action: 'create' });

  it('says what happens in one line, with the keys below one another', () => {
    expect(renderEventLine({ status: 'started', change }, plain)).toBe('create ...      sharefile/polling');
    expect(renderEventLine({ status: 'succeeded', change, id: '1234' }, plain)).toBe(
      'created         sharefile/polling  id 1234',
    );
    expect(renderEventLine({ status: 'skipped', change, reason: { code: 'stopped' } }, plain)).toBe(
      'create skipped  sharefile/polling  Not started: the apply was stopped.',
    );
    const failure = { code: 'x', message: 'The platform refused it.', requestId: 'r-1' };
    expect(renderEventLine({ status: 'failed', change, failure }, plain)).toBe(
      'create failed   sharefile/polling  The platform refused it.  request r-1',
    );
    expect(renderEventLine({ status: 'unclear', change, failure }, plain)).toMatch(/^create unclear {2}sharefile/);
  });

  it('colours only what became of it', () => {
    const line = renderEventLine({ status: 'succeeded', change }, { color: true });
    expect(visible(line)).toBe(String.raw`\x1b[32mcreated\x1b[39m         sharefile/polling`);
  });
});

describe('a result full of foreign text', () => {
  const anyOutcome: fc.Arbitrary<Outcome> = fc.record(
    {
      change: fc
        .record({
          key: anyForeignText,
          name: anyForeignText,
          connector: anyForeignText,
          action: fc.constantFrom(...actions),
        })
        .map(aChange),
      status: fc.constantFrom('succeeded', 'skipped', 'failed', 'unclear'),
      id: anyForeignText,
      reason: fc.constantFrom({ code: 'interrupted' } as const, { code: 'stopped' } as const),
      failure: fc.oneof(
        anyFoundFailure,
        fc.record(
          { code: anyForeignText, message: anyForeignText, requestId: anyForeignText, hint: anyForeignText },
          { requiredKeys: ['code', 'message'] },
        ),
      ),
    },
    { requiredKeys: ['change', 'status'] },
  );
  const anyResult = fc.record({ outcomes: fc.array(anyOutcome, { maxLength: 4 }), interrupted: fc.boolean() });

  it('prints as text without control characters, long lines, trailing blanks or commands to a CI runner', () => {
    fc.assert(
      fc.property(anyResult, fc.integer({ min: 40, max: 130 }), (result, width) => {
        expect(findTextFlaws(renderResultText(result, { color: false, width }), width)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('prints as Markdown whose structure is our own, within its limits', () => {
    fc.assert(
      fc.property(anyResult, fc.integer({ min: 3000, max: 8000 }), (result, limit) => {
        const markdown = renderResultMarkdown(result, { maxBytes: limit, maxCharacters: limit });
        expect(findMarkdownFlaws(markdown)).toEqual([]);
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 300 },
    );
  });

  it('prints every event on one line', () => {
    fc.assert(
      fc.property(anyOutcome, ({ change, failure, reason = { code: 'stopped' } as const }) => {
        const line = renderEventLine(
          failure === undefined ? { status: 'skipped', change, reason } : { status: 'failed', change, failure },
          { color: false },
        );
        expect(line).not.toMatch(unseenCharacters);
        expect(line).not.toContain('\n');
      }),
    );
  });

  it('keeps five thousand outcomes within a comment', () => {
    const outcomes = Array.from({ length: 5000 }, (_, index): Outcome => ({
      change: aChange({ key: `📁/${index}`, action: 'update' }),
      status: 'failed',
      failure: { code: 'platform-refused', message: '📁'.repeat(100) },
    }));
    const markdown = renderResultMarkdown(
      { outcomes, interrupted: false },
      { maxBytes: 65_536, maxCharacters: 65_536 },
    );
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(65_536);
    expect(markdown).toMatch(/Cut: \d+ more failures/);
    expect(markdown).toMatch(/Cut: \d+ more rows/);
    expect(findMarkdownFlaws(markdown)).toEqual([]);
  });
});
