import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalNumber, isExactNumber, toNumber } from '../../src/model/exact-number.ts';
import { canonicalJson, isJsonObject, isStructured, type Json, writeJson } from '../../src/model/json.ts';
import { parseJson } from '../../src/model/parse-json.ts';

const valueOf = (text: string): Json => {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value;
};

const nest = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('reading JSON', () => {
  it('takes what JSON.parse takes, and gives the same values', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        // JSON.parse again, as it makes 0 of -0 and other prototypes.
        expect(JSON.parse(writeJson(valueOf(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('gives the same, digit for digit, whether each value is looked at or not', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"a":',
      '"__proto__":',
      '1',
      '-0',
      '1.0',
      '15e2',
      '1234567890123456',
      ' ',
      '\n',
      'null',
      '"b:1.0"',
    ];
    const scraps = fc.array(fc.constantFrom(...pieces), { maxLength: 7 }).map((all) => all.join(''));
    const list = fc.array(scraps, { maxLength: 4 }).map((all) => `[${all.join(',')}]`);
    const map = fc
      .array(scraps, { maxLength: 4 })
      .map((all) => `{${all.map((one, at) => `"${'xyx'[at] ?? 'z'}":${one}`).join(',')}}`);
    const depth = fc.integer({ min: 58, max: 70 }).map((levels) => `{"a":${nest(levels)}}`);
    fc.assert(
      fc.property(fc.oneof(fc.json(), list, map, depth), (text) => {
        // A blank before it makes it one of those of which each value is looked at.
        const [quick, slow] = [parseJson(text, { most: 66 }), parseJson(` ${text}`, { most: 66 })];
        expect(quick).toStrictEqual(slow);
        const written = [quick, slow].map((one) => (one.ok ? writeJson(one.value) : ''));
        expect(written[0]).toBe(written[1]);
      }),
      { numRuns: 3_000 },
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const parts = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.5',
      '01',
      'e1',
      'true',
      'nul',
      ' ',
      '\n',
      '\t',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((one) => one.join('')),
        (text) => {
          expect(parseJson(text).ok).toBe(isJson(text));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '"\t"',
    '"\n"',
    '"\u0000"',
    '"\\x"',
    '"\\u12"',
    '"\\',
    '',
    ' ',
    '\u00a01',
    '{"a" 1}',
    '[1 2]',
    '[,]',
    '{,}',
    '1 2',
  ])('refuses %j', (text) => expect(parseJson(text)).toEqual({ ok: false, why: 'not-json' }));

  it('keeps every digit of a number', () => {
    const text = '[1.0,1e3,-0,12345678901234567890,0.10,1E400,5,-2.5]';
    expect(writeJson(valueOf(text))).toBe(text);
    expect(valueOf('5')).toBe(5);
    expect(isExactNumber(valueOf('5.0'))).toBe(true);
  });

  it('takes the last of two equal keys, and __proto__ for a key', () => {
    const value = valueOf('{"a":1,"a":2,"__proto__":{"b":3},"constructor":4}');
    expect(isJsonObject(value) && Object.entries(value).map(([key, one]) => `${key}=${writeJson(one)}`)).toEqual([
      'a=2',
      '__proto__={"b":3}',
      'constructor=4',
    ]);
    expect('b' in Object(value)).toBe(false);
  });

  it('reads 64 levels and no more, and takes no stack for a million', () => {
    expect(parseJson(nest(64)).ok).toBe(true);
    expect(parseJson(nest(65))).toEqual({ ok: false, why: 'too-deep' });
    expect(parseJson(nest(1_000_000))).toEqual({ ok: false, why: 'too-deep' });
  });

  it('can keep what is deeper as text, which must be JSON all the same', () => {
    const depth = { deepest: 2, beyond: 'text' } as const;
    expect(parseJson('{"a":[[1, "]", {"b":"\\""}], 2]}', depth)).toEqual({
      ok: true,
      value: valueOf(String.raw`{"a":["[1, \"]\", {\"b\":\"\\\"\"}]",2]}`),
    });
    expect(parseJson('{"a":[[1,]]}', depth)).toEqual({ ok: false, why: 'not-json' });
    expect(parseJson('{"a":[[1', depth)).toEqual({ ok: false, why: 'not-json' });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('numbers that keep their text', () => {
  it('have no members, and are neither object nor list', () => {
    const exact = toNumber('1.0');
    expect([isJsonObject(exact), isStructured(exact), Object.entries(exact)]).toEqual([false, false, []]);
    expect([String(exact), JSON.stringify(exact)]).toEqual(['1.0', '"1.0"']);
    expect(exact).toEqual(toNumber('1.0'));
    expect(exact).not.toEqual(toNumber('1.00'));
  });

  it.each([
    ['1.0', '1'],
    ['10e-1', '1'],
    ['1e3', '1000'],
    ['-0', '0'],
    ['-0.00e7', '0'],
    ['0.10', '0.1'],
    ['-12.3400', '-12.34'],
    ['12345678901234567890', '12345678901234567890'],
    ['12345678901234567890.0', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1e21', '1e+21'],
    ['100e400', '1e+402'],
    ['0.00000012', '1.2e-7'],
    ['1e99999999999999999999', '1e99999999999999999999'],
    ['0x1F', '0x1F'],
  ])('%s is compared as %s', (text, canonical) => {
    expect(canonicalNumber(toNumber(text))).toBe(canonical);
    expect(canonicalJson([toNumber(text)])).toBe(`[${canonical}]`);
  });

  it('are compared as JavaScript writes what it can hold', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(canonicalNumber(number)).toBe(String(number));
        expect(canonicalNumber(toNumber(number.toExponential()))).toBe(String(number));
      }),
    );
  });
});

describe('writing JSON', () => {
  it('gives what JSON.stringify gives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(writeJson(value, indent)).toBe(JSON.stringify(value, undefined, indent));
      }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ b: undefined, a: [undefined, 1], c: {} }, 2)).toBe(
      '{\n  "a": [\n    null,\n    1\n  ],\n  "c": {}\n}',
    );
  });
});
