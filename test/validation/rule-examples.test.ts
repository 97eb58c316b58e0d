import { describe, expect, it } from 'vitest';
import { ruleExamples } from '../../src/validation/rule-examples.ts';
import { checkText } from './check-text.ts';

const codesOf = (text: string): readonly string[] => [...new Set(checkText(text).map(({ code }) => code))];

describe('the examples of the page of rules', () => {
  it.each([...ruleExamples])('are found, or not, by %s', (code, { bad, good }) => {
    expect({ bad: codesOf(bad), good: codesOf(good) }).toEqual({ bad: [code], good: [] });
  });
});
