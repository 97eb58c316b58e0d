import { describe, expect, it } from 'vitest';
import { findBuiltIn, listBuiltIn } from '../../src/catalogue/built-in.ts';
import { scaffoldDefinition } from '../../src/definition/scaffold.ts';
import { builtIn, checkText, toLine } from '../validation/check-text.ts';

const schema = '../schema/instance.schema.json';
const keys = listBuiltIn().map(({ key }) => key);

function scaffold(key: string): string {
  const connector = findBuiltIn(key);
  if (connector === undefined) throw new Error(`${key} is not built in`);
  return scaffoldDefinition(connector, schema).yaml;
}

describe('a first definition', () => {
  it.each(keys)('of %s is valid as it is written', (key) => {
    expect(checkText(scaffold(key), { catalogue: builtIn }).map(toLine)).toEqual([]);
  });

  it.each([
    ['xero', ['oauth_token', 'oauth_verifier', 'secret']],
    ['etsy', ['oauth_token', 'oauth_verifier', 'secret']],
    ['sfdc', ['code']],
    ['stripe', []],
  ])('of %s asks for what its consent leaves behind', (key, grant) => {
    const [, held = ''] = scaffold(key).split('providerData:\n');
    expect([...held.matchAll(/^ {2}(\w+): \$\{\{ secrets\./gm)].map(([, name]) => name)).toEqual(grant);
  });
});
