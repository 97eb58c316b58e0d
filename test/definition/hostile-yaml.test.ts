import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxDepth, maxProblems } from '../../src/definition/compose-documents.ts';
import { maxTextLength, parseDocuments } from '../../src/definition/parse-documents.ts';
import { toPointer } from '../../src/model/position.ts';

const mebibyte = 1024 * 1024;

function parse(text: string) {
  return parseDocuments('instances/hostile.yaml', text);
}

function fill(pattern: string, length = mebibyte): string {
  return pattern.repeat(Math.floor(length / pattern.length));
}

/** A staircase of block maps, each one blank deeper than the last. */
function staircase(levels: number): string {
  return Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
}

describe('deep nesting', () => {
  it.each([
    ['flow lists', fill('['), 1],
    ['flow maps', fill('{a: '), 1],
    ['lists on one line', fill('- '), 1],
    ['explicit keys', fill('? '), 1],
    ['block maps', staircase(1400), maxDepth + 2],
  ])('of %s is refused where it gets too deep, before the rest is read', (_name, text, line) => {
    const { documents, diagnostics } = parse(text);
    expect(documents).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['yaml-too-deep']);
    const at = diagnostics[0]?.at;
    expect(at?.line).toBeLessThanOrEqual(line + 1);
    expect(at?.column).toBeLessThanOrEqual(5 * maxDepth);
  });

  it('is allowed up to the limit', () => {
    const text = '['.repeat(maxDepth) + ']'.repeat(maxDepth);
    expect(parse(text).diagnostics).toEqual([]);
    expect(parse(`[${text}]`).diagnostics.map(({ code }) => code)).toEqual(['yaml-too-deep']);
  });

  it('cannot be built up by aliases', () => {
    const links = Array.from({ length: 1000 }, (_, link) => `a${link + 1}: &a${link + 1} [[*a${link}]]\n`);
    const { documents, diagnostics } = parse(`a0: &a0 [x]\n${links.join('')}`);
    expect(documents).toEqual([]);
    expect(diagnostics[0]).toMatchObject({ code: 'yaml-alias-bomb', at: { line: maxDepth / 2 } });
  });
});

describe('alias bombs', () => {
  const bomb = Array.from({ length: 30 }, (_, level) => {
    const inner = level === 0 ? 'lol' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 10 }, () => inner).join(', ')}]\n`;
  }).join('');

  it('are refused at the alias that goes too far', () => {
    const { documents, diagnostics } = parse(bomb);
    expect(documents).toEqual([]);
    expect(diagnostics[0]).toMatchObject({ code: 'yaml-alias-bomb', at: { line: 6 } });
  });

  it('of one long text are refused, too', () => {
    expect(parse(`- &a ${'x'.repeat(100_000)}\n${'- *a\n'.repeat(20)}`).diagnostics[0]).toMatchObject({
      code: 'yaml-alias-bomb',
    });
  });

  it('never give more text than a file may hold', () => {
    const { documents } = parse(`- &a ${'x'.repeat(1000)}\n${'- *a\n'.repeat(1000)}`);
    expect(JSON.stringify(documents[0]?.value).length).toBeLessThan(1.1 * mebibyte);
  });
});

describe('size', () => {
  it('of 20 MB is refused without parsing: the syntax error at the start is not seen', () => {
    const { documents, diagnostics } = parse(`}${fill('a', 20 * mebibyte)}`);
    expect(documents).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['file-too-large']);
  });

  it('of one long text is fine up to the limit', () => {
    expect(parse('a'.repeat(maxTextLength)).documents).toHaveLength(1);
    expect(parse('a'.repeat(maxTextLength + 1)).documents).toHaveLength(0);
  });

  it('of a text in double quotes is refused where it costs thirty times as much memory', () => {
    expect(parse(`a: "${'x'.repeat(200_000)}"\n`).diagnostics).toEqual([]);
    const { diagnostics } = parse(`# comment\na: "${fill('x\\n', 300_000)}"\n`);
    expect(diagnostics).toMatchObject([{ code: 'yaml-text-too-long', at: { line: 2, column: 4 } }]);
  });

  it.each([
    ['values', fill('- \n'), 'yaml-too-many-tokens'],
    ['documents', fill('--- a\n', 300_000), 'yaml-too-many-documents'],
  ])('in %s is refused half-way', (_name, text, code) => {
    const { diagnostics } = parse(text);
    const at = diagnostics.find((diagnostic) => diagnostic.code === code)?.at;
    expect(at).toBeDefined();
    expect(at?.line).toBeLessThan(text.split('\n').length / 1.5);
  });

  it('leaves room for a thousand definitions in a file', () => {
    const configuration = Array.from({ length: 20 }, (_, index) => `  some.key.${index}: "some value"\n`).join('');
    const definition = `---\nkey: a\nconnector: b\nname: c\nconfiguration:\n${configuration}`;
    expect(parse(definition.repeat(1000)).documents).toHaveLength(1000);
  });

  it('of twenty thousand keys in one map is fine', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: v\n`).join('');
    expect(parse(keys).diagnostics).toEqual([]);
    const [problem] = parse(`${keys}k0: w\n`).diagnostics;
    expect(problem).toMatchObject({ code: 'duplicate-key', at: { line: 20_001 }, related: [{ at: { line: 1 } }] });
  });
});

describe('a flood of problems', () => {
  it.each([
    ['closing brackets', fill('}')],
    ['duplicate keys', fill('a: b\n', 200_000)],
    ['tabs', fill('a:\n\tb\n', 200_000)],
    ['reserved characters', fill('- @\n', 200_000)],
    ['anchors', fill('&a ', 200_000)],
    ['quotes', fill('"', 100_000)],
  ])('of %s is told in part', (_name, text) => {
    const { documents, diagnostics } = parse(text);
    expect(documents).toEqual([]);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThanOrEqual(maxProblems);
  });
});

describe('any text', () => {
  const fragments = [
    ['a', ': ', ':', '- ', '? ', '\n', '\n  ', '\t', '[', ']', '{', '}', ',', '&a ', '*a', '!x ', '!!str ', '"', "'"],
    [
      '|\n',
      '>\n',
      '#',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '<<',
      '~',
      '1.10',
      '\\',
      '@',
      '`',
      '\0',
      '\ufeff',
      '__proto__',
    ],
  ].flat();
  const fragment = fc.constantFrom(...fragments);
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join('')),
  );

  it('is answered without a throw, and every problem stands inside the text', () => {
    fc.assert(
      fc.property(text, (source) => {
        const { documents, diagnostics } = parse(source);
        const lines = source.split('\n').length;
        for (const { at } of diagnostics) expect(at?.line).toBeLessThanOrEqual(lines);
        for (const document of documents) expect(() => JSON.stringify(document.value)).not.toThrow();
        expect(documents.every(({ count }) => count === documents.length)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives every value a place in the text', () => {
    fc.assert(
      fc.property(text, (source) => {
        const lines = source.split('\n').length;
        for (const document of parse(source).documents) {
          const { value } = document;
          const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
          for (const pointer of ['', ...keys.map((key) => toPointer(key))]) {
            expect(document.at(pointer).line).toBeLessThanOrEqual(lines);
            expect(document.at(pointer, 'key').column).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
