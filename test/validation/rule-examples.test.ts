import { describe, expect, it } from 'vitest';
import { ruleExamples } from '../../src/validation/rule-examples.ts';
import { rules } from '../../src/validation/rules.ts';
import { builtIn, checkText } from './check-text.ts';

/** With what is built in of connectors, as every command has it. */
const codesOf = (text: string): readonly string[] => [
  ...new Set(checkText(text, { catalogue: builtIn }).map(({ code }) => code)),
];

describe('the examples of the page of rules', () => {
  it('are there for every rule', () => {
    expect([...ruleExamples.keys()].toSorted()).toEqual(rules.map(({ code }) => code).toSorted());
  });

  it.each([...ruleExamples])('are found, or not, by %s', (code, { bad, good }) => {
    expect({ bad: codesOf(bad), good: codesOf(good) }).toEqual({ bad: [code], good: [] });
  });
});
