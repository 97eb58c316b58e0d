import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeJson } from '../../../src/model/json.ts';
import { deepestJson, parseJson } from '../../../src/model/parse-json.ts';
import { parseAnswer, readField } from '../../../src/platform/wire/json.ts';

/** What the careful parser makes of a text, digit for digit. */
function readCarefully(text: string): string {
  const parsed = parseJson(text, { deepest: deepestJson + 4, beyond: 'text' });
  return parsed.ok ? writeJson(parsed.value) : 'unreadable';
}

function read(text: string): string {
  const parsed = parseAnswer(text);
  return parsed.ok ? writeJson(parsed.value) : 'unreadable';
}

const numbers = ['1', '-1', '0', '-0', '1.0', '1e3', '1E-2', '0.5', '9007199254740993', '123456789012345', '1.', '01'];
const texts = ['"a"', '"__proto__"', '"constructor"', String.raw`"1.0,"`, String.raw`":-0]"`, String.raw`"\u00e4\n"`];
const parts = ['{', '}', '[', ']', ',', ':', ' ', '\n', 'true', 'null', ...numbers, ...texts];

describe('an answer', () => {
  it('is read digit for digit, wherever a number stands', () => {
    for (const number of numbers) {
      for (const text of [number, `[${number}]`, `{"a":${number}}`, `[1, ${number} ,2]`, `{"a":{"b":\n${number}\n}}`])
        expect({ text, read: read(text) }).toEqual({ text, read: readCarefully(text) });
    }
  });

  it('is read as the careful parser reads it', () => {
    const joined = fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((some) => some.join(''));
    const spaced = fc
      .tuple(fc.jsonValue(), fc.constantFrom(0, 2))
      .map(([value, space]) => JSON.stringify(value, null, space));
    fc.assert(
      fc.property(fc.oneof(joined, spaced), (text) => {
        expect(read(text)).toBe(readCarefully(text));
      }),
      { numRuns: 500 },
    );
  });

  it('has the keys that objects inherit only where they stand in it', () => {
    const { value } = { value: undefined, ...parseAnswer('{"__proto__":{"id":1},"a":{}}') };
    expect(readField(readField(value, '__proto__'), 'id')).toBe(1);
    expect(readField(readField(value, 'a'), '__proto__')).toBeUndefined();
    expect(readField(value, 'constructor')).toBeUndefined();
  });

  it('keeps what is nested too deeply as text, and ends with too many values', () => {
    for (const depth of [deepestJson + 3, deepestJson + 4, deepestJson + 5, 100_000]) {
      const text = '['.repeat(depth) + ']'.repeat(depth);
      expect(read(text)).toBe(readCarefully(text));
    }
    expect(parseAnswer(`[${'0,'.repeat(999_998)}0]`)).toMatchObject({ ok: true });
    expect(parseAnswer(`[${'0,'.repeat(999_999)}0]`)).toMatchObject({ ok: false });
  });
});
