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

const codesOf = (text: string): readonly string[] => checkText(text, { catalogue: builtIn }).map(({ code }) => code);

describe('a first definition', () => {
  it.each(keys)('of %s is valid as it is written', (key) => {
    expect(checkText(scaffold(key), { catalogue: builtIn }).map(toLine)).toEqual([]);
  });

  it('lacks a key when one is removed, and the message names it', () => {
    let count = 0;
    for (const key of keys) {
      const text = scaffold(key);
      const lines = text.split('\n');
      for (const [index, line] of lines.entries()) {
        const [, name = ''] = /^ {2}([^\s:]+): /.exec(line) ?? [];
        if (name === '' || line.includes('_CODE }}') || ['oauth.callback.url', 'authentication.type'].includes(name))
          continue;
        const found = checkText(lines.toSpliced(index, 1).join('\n'), { catalogue: builtIn });
        const emptied = found.filter(({ code }) => code === 'missing-configuration-key' || code === 'wrong-type');
        expect(emptied.map(({ detail }) => detail).join(), `${key} without ${name}`).toMatch(
          new RegExp(`\`${name.replaceAll('.', String.raw`\.`)}\`|configuration`),
        );
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(300);
  });

  it('with a misspelt key says which one was meant', () => {
    let count = 0;
    for (const key of keys) {
      const text = scaffold(key);
      for (const [, name = ''] of text.matchAll(/^ {2}([a-z][\w.]{6,}): /gm)) {
        const swapped = name.slice(0, -3) + name.at(-2) + name.at(-3) + name.at(-1);
        if (swapped === name || name === 'oauth.callback.url') continue;
        const found = checkText(text.replace(`  ${name}: `, `  ${swapped}: `), { catalogue: builtIn });
        expect(found.map(({ hint }) => hint).join(), `${key} ${swapped}`).toContain(name);
        expect(found.map(({ code }) => code).filter((code) => code.startsWith('missing'))).toEqual([]);
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
      expect([key, ...codesOf(text)]).toContain('unknown-option');
    }
  });
});
