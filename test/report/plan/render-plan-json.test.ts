import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { renderPlanJson, toPrintableJson } from '../../../src/report/plan/render-plan-json.ts';
import { readGolden } from '../../support/golden.ts';
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

  it('says what the plan says', () => {
    expect(JSON.parse(renderPlanJson(busyPlan))).toEqual(busyPlan);
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
