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

  it('lacks a key when one is removed, and the message names it', () => {
    let count = 0;
    for (const key of keys) {
      const text = scaffold(key);
      const lines = text.split('\n');
      for (const [index, line] of lines.entries()) {
        const [, name = ''] = /^ {2}([^\s:]+): /.exec(line) ?? [];
        if (
          name === '' ||
          line.endsWith('needed only when the instance is created') ||
          ['oauth.callback.url', 'authentication.type'].includes(name)
        )
          continue;
        const found = checkText(lines.toSpliced(index, 1).join('\n'), { catalogue: builtIn });
        const emptied = found.filter(({ code }) => code === 'missing-configuration-key' || code === 'wrong-type');
        expect(emptied.map(({ detail }) => detail).join(), `${key} without ${name}`).toMatch(
          new RegExp(`\`${name.replaceAll('.', String.raw`\.`)}\`|configuration`),
        );
        const heading = lines.findIndex((one) => one.startsWith('configuration:')) + 1;
        expect(new Set(emptied.map(({ at }) => at?.line)), `${key} without ${name}`).toEqual(new Set([heading]));
        // What follows from the missing one is no mistake of its own.
        expect(found.length, `${key} without ${name}: ${found.map(toLine).join()}`).toBe(emptied.length);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(300);
  });

  it('with a misspelt key says which one was meant', () => {
    let count = 0;
    for (const key of keys) {
      const text = scaffold(key);
      // Keys of the configuration: those of a grant are the platform's own.
      const [configuration = ''] = text.split('providerData:\n');
      for (const [, name = ''] of configuration.matchAll(/^ {2}([a-z][\w.]{6,}): /gm)) {
        const swapped = name.slice(0, -3) + name.at(-2) + name.at(-3) + name.at(-1);
        if (swapped === name || name === 'oauth.callback.url') continue;
        const found = checkText(text.replace(`  ${name}: `, `  ${swapped}: `), { catalogue: builtIn });
        expect(found.map(({ hint }) => hint).join(), `${key} ${swapped}`).toContain(name);
        expect(found.map(({ code }) => code).filter((code) => code.startsWith('missing'))).toEqual([]);
        const line = text.slice(0, text.indexOf(`  ${name}: `)).split('\n').length;
        expect(
          found.map(({ at }) => at?.line),
          `${key} ${swapped}`,
        ).toEqual([line]);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(200);
  });

  it('with a wrong option says what there is', () => {
    const choosing = keys.filter((key) => scaffold(key).includes('authentication.type:'));
    expect(choosing.length).toBeGreaterThan(10);
    for (const key of choosing) {
      const text = scaffold(key).replace(/authentication\.type: \S+/, 'authentication.type: nothing');
      const found = checkText(text, { catalogue: builtIn });
      const line = text.split('\n').findIndex((one) => one.includes('authentication.type:')) + 1;
      expect([key, ...found.map(({ code, at }) => `${code} ${at?.line ?? 0}`)]).toEqual([
        key,
        `unknown-option ${line}`,
      ]);
    }
  });
});
