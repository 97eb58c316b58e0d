import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isShown } from '../../src/catalogue/explain-connector.ts';
import { findBuiltIn, listBuiltIn, listBuiltInKeys } from '../../src/catalogue/built-in.ts';
import { renderConnectorSchema } from '../../src/catalogue/connector-schema.ts';
import { renderDefinitionSchema } from '../../src/catalogue/definition-schema.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { scaffoldDefinition } from '../../src/definition/scaffold.ts';
import { documentedBodies } from '../support/documented-bodies.ts';

const entries = listBuiltIn()
  .flatMap(({ key }) => findBuiltIn(key) ?? [])
  .map((connector) => ({ connector, origin: 'built-in' as const }));
const schema = renderDefinitionSchema({ entries, keys: listBuiltInKeys() });
const check = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(schema));

function faultsIn(definition: unknown): readonly string[] {
  check(definition);
  return (check.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
}

describe('the schema of definitions by connector', () => {
  it('takes the first definition of every connector', () => {
    const faults = entries.flatMap(({ connector }) =>
      faultsIn(parse(scaffoldDefinition(connector, 'x').yaml)).map((fault) => `${connector.key}: ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  it('takes every documented body that has no mistake', () => {
    const faults = documentedBodies()
      .filter(({ mistakes }) => mistakes.length === 0)
      .flatMap(({ id, body }) => {
        const { element, configuration = {}, name = id } = body;
        const connector = isJsonObject(element) ? element['key'] : undefined;
        return faultsIn({ connector, name, configuration }).map((fault) => `${id}: ${fault}`);
      });
    expect(faults).toEqual([]);
  });

  it('takes a reference for every value', () => {
    for (const { connector } of entries) {
      const configuration = Object.fromEntries(
        connector.entries.filter((entry) => !entry.internal || isShown(entry)).map(({ key }) => [key, '${{ vars.X }}']),
      );
      expect(faultsIn({ connector: connector.key, name: 'A', configuration })).toEqual([]);
    }
  });

  it('asks for what the chosen way of authentication needs', () => {
    const definition = { connector: 'bigcommerce', name: 'A' };
    const [basic, custom] = ['basic', 'custom'].map((type) =>
      faultsIn({ ...definition, configuration: { 'authentication.type': type } }).join('\n'),
    );
    expect(basic).toContain('"username"');
    expect(custom).not.toContain('"username"');
  });

  it('is the same whatever order its connectors came in', () => {
    const some = entries.slice(0, 3);
    const keys = listBuiltInKeys();
    expect(renderDefinitionSchema({ entries: some.toReversed(), keys })).toBe(
      renderDefinitionSchema({ entries: some, keys }),
    );
  });

  it('of one connector stands alone', () => {
    const [first] = entries;
    if (first === undefined) throw new Error('nothing is built in');
    expect(() => new Ajv2020({ strict: false }).compile(JSON.parse(renderConnectorSchema(first)))).not.toThrow();
  });
});
