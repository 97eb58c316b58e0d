import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseDocuments } from '../../src/definition/parse-documents.ts';
import type { Json } from '../../src/model/json.ts';

const file = 'instances/a.yaml';

function valueOf(text: string): Json {
  const { documents, diagnostics } = parseDocuments(file, text);
  expect(diagnostics).toEqual([]);
  expect(documents).toHaveLength(1);
  return documents[0]?.value ?? null;
}

/** Every problem as `line:column code`. */
function problemsOf(text: string): readonly string[] {
  return parseDocuments(file, text).diagnostics.map(({ code, at }) => `${at?.line}:${at?.column} ${code}`);
}

function placeOf(text: string, pointer: string, part?: 'value' | 'key'): string {
  const at = parseDocuments(file, text).documents[0]?.at(pointer, part);
  return `${at?.line}:${at?.column}`;
}

describe('values', () => {
  it('are plain data', () => {
    expect(valueOf('a: text\nb: [1, true, null, -2.5]\nc: {d: ~}\n')).toEqual({
      a: 'text',
      b: [1, true, null, -2.5],
      c: { d: null },
    });
  });

  it.each([
    ['1.10', '1.10'],
    ['007', '007'],
    ['0x1F', '0x1F'],
    ['0o17', '0o17'],
    ['1e3', '1e3'],
    ['+5', '+5'],
    ['-0', '-0'],
    ['1.0', '1.0'],
    ['.5', '.5'],
    ['.inf', '.inf'],
    ['.nan', '.nan'],
    ['9007199254740993', '9007199254740993'],
    ['15', 15],
    ['-1', -1],
    ['0.5', 0.5],
    ['9007199254740991', 9007199254740991],
  ])('gives for the number %s what the platform must get', (text, expected) => {
    expect(valueOf(`a: ${text}`)).toEqual({ a: expected });
  });

  it('give the text of every number as it was written', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double(), fc.integer(), fc.bigInt(), fc.stringMatching(/^[-+]?[0-9]{1,20}(\.[0-9]*)?$/)),
        (n) => {
          fc.pre(!String(n).startsWith('NaN') && !String(n).includes('Infinity'));
          expect(valueOf(`[${n}]`)).toSatisfy((value) => Array.isArray(value) && String(value[0]) === String(n));
        },
      ),
    );
  });

  it.each(['yes', 'no', 'on', 'off', '2026-01-01', '12:30', '1_000'])('leave %s as text, as YAML 1.2 does', (text) => {
    expect(valueOf(`a: ${text}`)).toEqual({ a: text });
  });

  it("leave the platform's own placeholders and our references as they are", () => {
    const url = "/poll?where=lastmodifieddate='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'&a=${epoch:ms}&b=${{ vars.B }}";
    expect(valueOf(`url: ${url}`)).toEqual({ url });
  });

  it('are the same with a byte order mark, with CRLF and as JSON', () => {
    const expected = { a: { b: [1, 'x'] } };
    expect(valueOf('\ufeffa:\n  b: [1, x]\n')).toEqual(expected);
    expect(valueOf('a:\r\n  b:\r\n    - 1\r\n    - x\r\n')).toEqual(expected);
    expect(valueOf('{\n\t"a": {\n\t\t"b": [1, "x"]\n\t}\n}\n')).toEqual(expected);
  });

  it('have null prototypes, so that no key is special', () => {
    const value = valueOf('__proto__: {polluted: true}\nconstructor: a\ntoString: b\n');
    expect(Object.getPrototypeOf(value)).toBe(null);
    expect(Object.keys(value ?? {})).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined);
  });

  it('are shared through aliases', () => {
    expect(valueOf('a: &x {b: 1}\nc: *x\nd: [*x, *x]\n')).toEqual({
      a: { b: 1 },
      c: { b: 1 },
      d: [{ b: 1 }, { b: 1 }],
    });
  });

  it('may have a tag of the YAML core', () => {
    expect(valueOf('a: !!str 15\nb: !!int 3\n')).toEqual({ a: '15', b: 3 });
  });
});

describe('documents', () => {
  it('are counted without those of comments only', () => {
    const { documents } = parseDocuments(file, '# nothing\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n');
    expect(documents.map(({ index, count, value }) => ({ index, count, value }))).toEqual([
      { index: 0, count: 2, value: { a: 1 } },
      { index: 1, count: 2, value: { b: 2 } },
    ]);
    expect(documents.map((document) => document.at('/b').line)).toEqual([3, 7]);
  });

  it.each(['', '\n\n', '# only a comment\n', '---\n...\n', '\ufeff'])('are none in an empty file (%j)', (text) => {
    expect(parseDocuments(file, text)).toEqual({ documents: [], diagnostics: [] });
  });

  it('with an error do not hide the sound ones', () => {
    const { documents, diagnostics } = parseDocuments(file, 'a: 1\n---\nb: 1\nb: 2\n---\nc: 3\n');
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { c: 3 }]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['duplicate-key']);
  });
});

describe('positions', () => {
  const text = '# head\nname: A\nconfiguration:\n  a/b: one\n  "c~d": [x, {e: y}]\n  f:\nback: &x {g: 1}\nagain: *x\n';

  it.each([
    ['', '2:1'],
    ['/name', '2:7'],
    ['/configuration/a~1b', '4:8'],
    ['/configuration/c~0d/0', '5:11'],
    ['/configuration/c~0d/1/e', '5:18'],
    ['/configuration/f', '6:5'],
    ['/again/g', '7:14'],
    ['/configuration/gone/deeper', '4:3'],
    ['/configuration/c~0d/7', '5:10'],
    ['/configuration/c~0d/', '5:10'],
    ['/configuration/c~0d/1.0', '5:10'],
    ['/gone', '2:1'],
  ])('of %s', (pointer, place) => {
    expect(placeOf(text, pointer)).toBe(place);
  });

  it('are those of the key where there is no value, not even an empty one', () => {
    expect(placeOf('a: 1\n? b\n', '/b')).toBe('2:3');
  });

  it('of keys', () => {
    expect(placeOf(text, '/configuration', 'key')).toBe('3:1');
    expect(placeOf(text, '/configuration/c~0d', 'key')).toBe('5:3');
    expect(placeOf(text, '/configuration/c~0d/0', 'key')).toBe('5:11');
  });

  it('know where a text ends, quotes included', () => {
    const [document] = parseDocuments(file, 'a: "x y" # no\n').documents;
    expect(document?.at('/a')).toEqual({ file, line: 1, column: 4, endLine: 1, endColumn: 9 });
  });
});

describe('what is refused', () => {
  it.each([
    ['a: 1\nb: 2\na: 3\n', '3:1 duplicate-key'],
    ['{"a": 1, "a": 2}', '1:10 duplicate-key'],
    ['x:\n  k: 1\n  "k": 2\n', '3:3 duplicate-key'],
    ['__proto__: 1\n__proto__: 2\n', '2:1 duplicate-key'],
    ['a: *gone\n', '1:4 yaml-unknown-alias'],
    ['*!', '1:1 yaml-unknown-alias'],
    ['a: &a [*a]\n', '1:8 yaml-unknown-alias'],
    ['a: !!js/function "x"\n', '1:18 yaml-tag'],
    ['a: !foo bar\n', '1:9 yaml-tag'],
    ['a: !!binary aGk=\n', '1:13 yaml-tag'],
    ['a: !!set {x}\n', '1:10 yaml-tag'],
    ['a: !<map> {}\n', '1:11 yaml-tag'],
    ['a: !!int [1]\n', '1:10 yaml-tag'],
    ['a: !!bool yes\n', '1:11 yaml-tag'],
    ['a: ! x\n', '1:6 yaml-tag'],
    ['a: !e!x y\n', '1:4 yaml-syntax'],
    ['base: &b {x: 1}\na:\n  <<: *b\n', '3:3 yaml-merge-key'],
    ['404: gone\n', '1:1 yaml-key-not-text'],
    ['true: x\n', '1:1 yaml-key-not-text'],
    ['? [a]\n: x\n', '1:3 yaml-key-not-text'],
    ['a: &k x\n*k : y\n', '2:1 yaml-key-not-text'],
    ['%YAML 1.1\n---\na: yes\n', '2:1 yaml-version'],
    ['a: x\u0000y\n', '1:5 control-character'],
    ['a: x\u001b[31m\n', '1:5 control-character'],
    ['a: \ud800\n', '1:4 control-character'],
    ['a: "x\\0y"\n', '1:4 control-character'],
    ['a: "\\ud800"\n', '1:4 control-character'],
    ['a:\n\tb: 1\n', '2:1 yaml-syntax'],
    ['a: b: c\n', '1:4 yaml-syntax'],
    ['a: [1, 2\n', '2:1 yaml-syntax'],
    ['a: @b\n', '1:4 yaml-syntax'],
    ['a: "x\n', '2:1 yaml-syntax'],
    ['}', '1:1 yaml-syntax'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
    expect(parseDocuments(file, text).documents).toEqual([]);
  });

  it('names both places of a duplicate key', () => {
    const [problem] = parseDocuments(file, 'a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n').diagnostics;
    expect(problem).toMatchObject({ at: { line: 5, column: 3 }, related: [{ at: { line: 3, column: 3 } }] });
  });

  it('is told all at once, in the order of the file', () => {
    expect(problemsOf('a: !x 1\nb: *gone\nb: 2\n---\n1: 2\n')).toEqual([
      '1:7 yaml-tag',
      '2:4 yaml-unknown-alias',
      '3:1 duplicate-key',
      '5:1 yaml-key-not-text',
    ]);
  });

  it('never quotes a value, which may be a secret', () => {
    for (const text of [
      'a: "hunter2\n',
      'a: hunter2: hunter2\n',
      'hunter2 "hunter2"\n',
      '{hunter2} hunter2\n',
      'a: "\\qhunter2"\n',
    ]) {
      expect(JSON.stringify(parseDocuments(file, text).diagnostics)).not.toContain('hunter2');
    }
  });
});
