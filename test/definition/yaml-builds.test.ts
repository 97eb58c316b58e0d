import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as node from 'yaml';

type Build = typeof node;

// The bundle holds the browser build, which does not ask process.env about every token; these tests prove that it parses alike.
const browser: Build = await import(new URL('../../node_modules/yaml/browser/index.js', import.meta.url).href);

/** All that we use of a build: documents, their values with places, and the errors. */
function readWith({ Composer, Lexer, Parser, isNode, visit }: Build, text: string): unknown {
  const parser = new Parser();
  const tokens: node.CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) tokens.push(...parser.next(lexeme));
  tokens.push(...parser.end());
  const options = { schema: 'core', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;
  return [...new Composer(options).compose(tokens)].map((document) => {
    const nodes: unknown[] = [];
    visit(document, (_key, inner) => {
      if (isNode(inner)) nodes.push([inner.constructor.name, inner.range, inner.tag, 'value' in inner && inner.value]);
    });
    return { nodes, faults: [...document.errors, ...document.warnings].map(({ code, pos }) => [code, pos]) };
  });
}

const corpus = [
  "# comment\nconnector: sharefile\nname: 'It''s'\ntags: [Docs, \"a\\tb\"]\nconfiguration:\n  a.b: true\n  c: 1.10\n",
  'a: |\n  block\n   text\nb: >-\n  folded\n  text\n\n  more\n',
  'a: &x {b: [1, 2]}\nc: *x\n? complex\n: value\n--- # second\n- !!str 1\n- !x y\n...\n',
  'a:\n\tb\n  c: d: e\nf: [1, }\n"unclosed\n',
  '\ufeffa: 1\r\nb:\r\n  - c\r\n',
  '{"json": [1, null, {"deep": "\\u00e9"}]}',
];

describe('both builds of the YAML library', () => {
  it('are two', () => {
    expect(browser.Parser).not.toBe(node.Parser);
  });

  it.each(corpus)('read %j alike', (text) => {
    expect(readWith(browser, text)).toEqual(readWith(node, text));
  });

  it('read any text alike', () => {
    const fragments = [
      'a',
      ': ',
      '- ',
      '? ',
      '\n',
      '\n  ',
      '\t',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '&a ',
      '*a ',
      '!x ',
      '"',
      "'",
      '|\n',
      '#',
      '---\n',
      '1.5',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.array(fc.constantFrom(...fragments), { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        expect(readWith(browser, source)).toEqual(readWith(node, source));
      }),
      { numRuns: 500 },
    );
  });
});
