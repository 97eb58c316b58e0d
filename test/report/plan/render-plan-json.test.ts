import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { renderPlanJson, toPrintableJson } from '../../../src/report/plan/render-plan-json.ts';
import { describeRemark } from '../../../src/report/plan/remark-words.ts';
import { readGolden } from '../../support/golden.ts';
import { everyRemark } from '../../support/plan-codes.ts';
import { withoutWords } from '../../support/plan-words.ts';
import { busyPlan, emptyPlan, smallPlan } from '../../support/plans.ts';

describe('renderPlanJson', () => {
  it.each([
    ['small', smallPlan],
    ['busy', busyPlan],
    ['empty', emptyPlan],
  ])('prints the %s plan', (name, plan) => {
    const json = renderPlanJson(plan);
    expect(json).toBe(readGolden(`plan/${name}.json`, json));
  });

  it('says what the plan says, and words beside each code', () => {
    expect(withoutWords(JSON.parse(renderPlanJson(busyPlan)))).toEqual(busyPlan);
  });

  it('puts words beside every remark of an offline plan', () => {
    const offline = { ref: 'main', commit: 'abc', remarks: everyRemark() };
    const plan = { ...emptyPlan, offline };
    const printed: unknown = JSON.parse(renderPlanJson(plan));
    const messages = everyRemark().map((remark) => ({ code: remark.code, message: describeRemark(remark) }));
    expect(printed).toMatchObject({ offline: { remarks: messages } });
    expect(withoutWords(printed)).toEqual(plan);
  });
});

describe('toPrintableJson', () => {
  it('gives equal bytes for equal values, whatever the order of the keys', () => {
    expect(toPrintableJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe(
      toPrintableJson({ a: 'x', b: [{ c: null, d: 1 }] }),
    );
  });

  it('sorts keys, indents by two and ends with a line feed', () => {
    expect(toPrintableJson({ b: 1, a: [true] })).toBe('{\n  "a": [\n    true\n  ],\n  "b": 1\n}\n');
  });

  it('escapes what acts on a terminal and keeps what it says', () => {
    const value = { text: 'a\u001b[31m\u009b\u202e\u{e0041}é📁' };
    const json = toPrintableJson(value);
    expect(json).toContain(String.raw`a\u001b[31m\u009b\u202e\udb40\udc41é📁`);
    expect(JSON.parse(json)).toEqual(value);
  });

  it('keeps a key that is special to JavaScript', () => {
    const value: Json = JSON.parse('{"constructor":2,"__proto__":{"x":1}}');
    expect(toPrintableJson(value)).toBe('{\n  "__proto__": {\n    "x": 1\n  },\n  "constructor": 2\n}\n');
  });
});
