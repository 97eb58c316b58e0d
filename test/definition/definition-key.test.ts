import { describe, expect, it } from 'vitest';

import { definitionKey, isDefinitionKey } from '../../src/definition/definition-key.ts';

describe('the key of a definition', () => {
  it.each([
    ['instances/sharefile.yaml', 'sharefile'],
    ['instances/team-a/share.file.yml', 'team-a/share.file'],
    ['elsewhere/instances/a.yaml', 'elsewhere/instances/a'],
  ])('is the path of %s without folder and extension', (file, key) => {
    expect(definitionKey({ file, value: { key: 7 } })).toBe(key);
  });

  it('is what the document says', () => {
    expect(definitionKey({ file: 'instances/a.yaml', value: { key: 'moved/b' } })).toBe('moved/b');
  });
});

describe('a text', () => {
  it.each(['a', 'A/b/c', '0.x_y-z', 'a'.repeat(150)])('%s can be a key', (text) => {
    expect(isDefinitionKey(text)).toBe(true);
  });

  it.each(['', '/', 'a/', '/a', 'a//b', '../a', 'a/.b', '-a', 'a b', 'a:b', 'a=b', 'a<b', 'ä', 'a\n', 'a'.repeat(151)])(
    '%j cannot be a key',
    (text) => {
      expect(isDefinitionKey(text)).toBe(false);
    },
  );
});
