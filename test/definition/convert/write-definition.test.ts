import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDocuments } from '../../../src/definition/parse-documents.ts';
import { renderDefinition } from '../../../src/definition/convert/write-definition.ts';
import type { Json } from '../../../src/model/json.ts';

describe('renderDefinition', () => {
  it('writes fields in their order, quotes what could be misread, and puts comments where they belong', () => {
    const definition = {
      connector: 'sharefile',
      name: 'Files: all # of them',
      tags: ['Docs', '2.0'],
      configuration: {
        'api.version': '2.0',
        phone: '+4930123456',
        country: 'no',
        subdomain: '${{ vars.subdomain }}',
        'event.notification.enabled': true,
        'event.poller.refresh_interval': 15,
        'event.poller.configuration': {
          files: { url: "/hubs/x?where=a>='${date:yyyy-MM-dd'T'HH:mm:ss'Z'}'", idField: '' },
        },
      },
    };
    const comments = new Map([
      ['/name', 'a comment\nof two lines'],
      ['/configuration', 'above'],
      ['/configuration/subdomain', 'from <SUBDOMAIN>'],
      ['/configuration/event.poller.configuration/files', 'inside'],
      ['/nowhere', 'lost'],
    ]);
    expect(renderDefinition(definition, { comments, schema: '../schema/instance.schema.json' })).toBe(
      `# yaml-language-server: $schema=../schema/instance.schema.json
connector: sharefile
name: "Files: all # of them" # a comment of two lines
tags: [Docs, "2.0"]
# above
configuration:
  api.version: "2.0"
  phone: "+4930123456"
  country: "no"
  subdomain: \${{ vars.subdomain }} # from <SUBDOMAIN>
  event.notification.enabled: true
  event.poller.refresh_interval: 15
  event.poller.configuration:
    # inside
    files:
      url: /hubs/x?where=a>='\${date:yyyy-MM-dd'T'HH:mm:ss'Z'}'
      idField: ""
`,
    );
  });

  it('never folds a long line and never shares equal parts by an alias', () => {
    const part = { url: `/hubs/x?where=${'a b '.repeat(200)}c` };
    const text = renderDefinition({ configuration: { one: part, two: part } });
    expect(text.split('\n')).toHaveLength(6);
    expect(text).not.toMatch(/[&*]/);
  });

  it('gives back the same value when it is read again, whatever the value is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...`'"\`:#{}[]$<>|&*!%@-?,= \n\ta1~\\`.split('')) }),
      fc.constantFrom(
        '__proto__',
        'true',
        'null',
        '2.0',
        '1e3',
        '0x1F',
        '012',
        'no',
        '=',
        '<<',
        '---',
        '\r\n',
        '\u2028',
        '\u0085',
        ' x ',
      ),
    );
    const { value } = fc.letrec<{ value: Json; list: Json[]; object: Record<string, Json> }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.boolean(),
        fc.integer(),
        fc.double({ noDefaultInfinity: true, noNaN: true }),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: false }),
    }));
    const comments = fc.dictionary(fc.constantFrom('/a', '/b', '/a/b'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.record({ a: value, b: value }), comments, (definition, notes) => {
        const written = renderDefinition(definition, { comments: new Map(Object.entries(notes)) });
        expect(parse(written)).toEqual(definition);
      }),
      { numRuns: 200 },
    );
  });

  it('is read the same by the reader of definitions', () => {
    const text = fc.string({ unit: fc.constantFrom(...`'"\`:#{}[]$<>|&*!%@-?,= \n\ta1~\\é`.split('')) });
    fc.assert(
      fc.property(fc.dictionary(text, text), (configuration) => {
        const { documents, diagnostics } = parseDocuments(
          'a.yaml',
          renderDefinition({ connector: 'a', configuration }),
        );
        expect(diagnostics).toEqual([]);
        expect(documents.map(({ value }) => value)).toEqual([{ connector: 'a', configuration }]);
      }),
    );
  });
});
