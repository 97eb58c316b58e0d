import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parseDocuments } from '../../src/definition/parse-documents.ts';
import { checkSchema } from '../../src/validation/check-schema.ts';
import { configurationKeys, definitionFields } from '../../src/validation/known-keys.ts';

interface Node {
  readonly title?: string;
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

const file = path.join(import.meta.dirname, '../../schema/instance.schema.json');
const text = readFileSync(file, 'utf8');
const schema: Node & { readonly $defs: Readonly<Record<string, Node>> } = JSON.parse(text);

function propertiesOf(node: Node): readonly [string, Node][] {
  const own = Object.entries(node.properties ?? {});
  return [...own, ...own.flatMap(([, child]) => propertiesOf(child))];
}

describe('instance.schema.json', () => {
  it('is a right schema by the rules of its own, which the command line does not ask at each start', () => {
    const ajv = new Ajv2020({ allowUnionTypes: true, allowMatchingProperties: true });
    expect(ajv.validateSchema(JSON.parse(text))).toBe(true);
    expect(ajv.validateSchema({ ...JSON.parse(text), type: 'objekt' })).toBe(false);
  });

  it('describes every property, so that an editor has something to show', () => {
    const all = [schema, ...Object.values(schema.$defs)].flatMap(propertiesOf);
    const silent = all.filter(
      ([, node]) => (node.title === undefined || node.description === undefined) && node.$ref !== '#/$defs/dates',
    );
    expect(silent.map(([name]) => name)).toEqual([]);
    expect(all.length).toBeGreaterThan(70);
  });

  it('refers to nothing outside itself', () => {
    const references = [...text.matchAll(/"\$ref": "([^"]*)"/g)].map((match) => match[1] ?? '');
    const known = new Set(Object.keys(schema.$defs).map((name) => `#/$defs/${name}`));
    expect(references.filter((reference) => !known.has(reference))).toEqual([]);
  });

  it('knows the fields of a definition and the keys that every connector shares', () => {
    expect([...definitionFields].toSorted()).toEqual(
      (
        'adopt configuration connector enabled environments externalAuthentication ignore key ' +
        'name overrides protect providerData tags'
      ).split(' '),
    );
    for (const key of ['event.vendor.type', 'oauth.callback.url', 'username', 'filter.response.nulls']) {
      expect(configurationKeys).toContain(key);
    }
  });

  it('accepts every definition of the corpus by itself', () => {
    const folder = path.join(import.meta.dirname, '../corpus/ok');
    for (const name of readdirSync(folder)) {
      const { documents } = parseDocuments(name, readFileSync(path.join(folder, name), 'utf8'));
      for (const { value } of documents) expect(checkSchema(value)).toEqual([]);
    }
  });

  it('accepts a reference where a boolean, a number or a mapping is expected', () => {
    const configuration = {
      'event.notification.enabled': '${{ vars.events }}',
      'event.poller.refresh_interval': '${{ vars.minutes }}',
      'event.vendor.type': '${{ vars.type }}',
      'event.poller.configuration': '${{ vars.poller }}',
      'pagination.max': '${{ vars.max }}',
    };
    expect(checkSchema({ connector: 'a', name: 'b', configuration })).toEqual([]);
  });
});
