import { describe, expect, it } from 'vitest';
import { parseDocuments } from '../../src/definition/parse-documents.ts';
import { readPlainYaml } from '../../src/definition/read-plain-yaml.ts';
import { writeJson } from '../../src/model/json.ts';

// That it means what the library means, and finds all of it where the library does, is the fuzzer plain-yaml's to find out.

describe('a text of the common kind', () => {
  const text = [
    '# Who owns this',
    'connector: sharefile',
    'name: Files of Zürich # the office',
    'enabled: false',
    'tags: [Team A, b-1]',
    'ignore: []',
    'configuration:',
    '  oauth.api.secret: ${{ secrets.CLIENT_SECRET }}',
    '  oauth.callback.url: https://${{ vars.host }}/oauth#top',
    '  event.poller.refresh_interval: 15',
    "  quoted: 'it''s' # so",
    '  empty: ""',
    '  event.poller.configuration:',
    '    documents:',
    "      url: /hubs/documents?where=date='${gmtDate:yyyy-MM-dd}'",
    '      ids:',
    '      - Id',
    '      - Name',
    '',
    'environments: # where it is made',
    '  - prod',
    'overrides:',
    '  prod:',
    '    configuration: {}',
    '',
  ];

  it('is read without the library', () => {
    const read = readPlainYaml(text.join('\n'));
    expect(writeJson(read?.value)).toBe(
      writeJson({
        connector: 'sharefile',
        name: 'Files of Zürich',
        enabled: false,
        tags: ['Team A', 'b-1'],
        ignore: [],
        configuration: {
          'oauth.api.secret': '${{ secrets.CLIENT_SECRET }}',
          'oauth.callback.url': 'https://${{ vars.host }}/oauth#top',
          'event.poller.refresh_interval': 15,
          quoted: "it's",
          empty: '',
          'event.poller.configuration': {
            documents: { url: "/hubs/documents?where=date='${gmtDate:yyyy-MM-dd}'", ids: ['Id', 'Name'] },
          },
        },
        environments: ['prod'],
        overrides: { prod: { configuration: {} } },
      }),
    );
    expect(read?.line).toBe(2);
  });

  it('has its places where it is written', () => {
    const [document] = parseDocuments('a.yaml', text.join('\n')).documents;
    const placeOf = (pointer: string, part?: 'value' | 'key') => {
      const { line, column, endColumn } = document?.at(pointer, part) ?? {};
      return `${line}:${column}-${endColumn ?? ''}`;
    };
    expect(placeOf('')).toBe('2:1-');
    expect(placeOf('/name')).toBe('3:7-22');
    expect(placeOf('/name', 'key')).toBe('3:1-5');
    expect(placeOf('/tags')).toBe('5:7-');
    expect(placeOf('/tags/1')).toBe('5:16-19');
    expect(placeOf('/configuration')).toBe('8:3-');
    expect(placeOf('/configuration/quoted')).toBe('11:11-18');
    expect(placeOf('/configuration/event.poller.configuration/documents/ids/1')).toBe('18:9-13');
    expect(placeOf('/overrides/prod/configuration')).toBe('24:20-');
    expect(placeOf('/overrides/prod/configuration/nowhere')).toBe('24:20-');
    expect(placeOf('/tags/2')).toBe('5:7-');
  });

  it('has them in each of several texts that are asked by turns, with or without a byte order mark', () => {
    const documents = ['a: b\n', '\ufeff\n  # c\na:   b\n', 'a: b\n'].flatMap(
      (one, index) => parseDocuments(`${index}.yaml`, one).documents,
    );
    const places = [...documents, ...documents].map(({ at }) => `${at('/a').file}:${at('/a').line}:${at('/a').column}`);
    expect(places).toEqual(['0.yaml:1:4', '1.yaml:3:6', '2.yaml:1:4', '0.yaml:1:4', '1.yaml:3:6', '2.yaml:1:4']);
  });
});

describe('left to the library is', () => {
  it.each([
    ['nothing', ''],
    ['a text of comments', '# only\n'],
    ['a second document', 'a: b\n---\na: c\n'],
    ['a text alone', 'hello\n'],
    ['a list at the top', '- a\n'],
    ['a key without a value', 'a:\nb: c\n'],
    ['a key without a value at the end', 'a: b\nc:\n'],
    ['a key that is written twice', 'a: b\na: c\n'],
    ['a key that is written twice, once with a mapping', 'a:\n  b: c\na: d\n'],
    ['a key that is no text', 'true: b\n'],
    ['a key in quotes', '"a": b\n'],
    ['a merge key', '<<: b\n'],
    ['a value on the next line', 'a:\n  b\n'],
    ['a value on two lines', 'a: b\n  c\n'],
    ['a quote that does not end', "a: 'b\n"],
    ['an escape', 'a: "\\u0041"\n'],
    ['a block of text', 'a: |\n  b\n'],
    ['an anchor', 'a: &b c\n'],
    ['an alias', 'a: *b\n'],
    ['a tag', 'a: !!str 1\n'],
    ['null', 'a: null\n'],
    ['a number with an exponent', 'a: 1e3\n'],
    ['a number with a zero before it', 'a: 007\n'],
    ['a fraction', 'a: 1.10\n'],
    ['a mapping in braces', 'a: {b: c}\n'],
    ['a list of lists', 'a: [[b]]\n'],
    ['a list of numbers', 'a: [1]\n'],
    ['a list of mappings', 'a:\n  - b: c\n'],
    ['a colon in a value', 'a: b: c\n'],
    ['a tab', 'a:\tb\n'],
    ['Windows line ends', 'a: b\r\n'],
    ['a blank that is none', 'a: b\u00a0\n'],
    ['a line further out than its list', 'a:\n    b: c\n  d: e\n'],
    [
      'a deep text',
      `${Array.from({ length: 20 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')}${' '.repeat(20)}a: b\n`,
    ],
    ['a long text', `a: ${'b'.repeat(64 * 1024)}\n`],
    ['a long key', `${'a'.repeat(1100)}: b\n`],
  ])('%s', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined();
  });
});
