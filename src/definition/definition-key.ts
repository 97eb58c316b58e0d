import type { ParsedDocument } from '../model/position.ts';

/** How long a key may be: it is written into a tag of the instance (design §3), and tags hold little. */
const maxKeyLength = 150;

const keyPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/**
 * The stable identity of a definition: its `key:` when that is text, else its path below `instances/` without extension.
 * The answer may be no valid key; `isDefinitionKey` tells.
 */
export function definitionKey({ file, value }: Pick<ParsedDocument, 'file' | 'value'>): string {
  const key = typeof value === 'object' && value !== null && 'key' in value ? value['key'] : undefined;
  if (typeof key === 'string') return key;
  return file.replace(/^instances\//, '').replace(/\.ya?ml$/, '');
}

/**
 * Whether a text can be a key: names of letters, digits, `.`, `_` and `-`, joined by `/`, at most 150 characters.
 * The platform takes HTML out of tags, and `<`, `>`, `:`, `=` and blanks are not known to survive there (platform-api §16.9).
 */
export function isDefinitionKey(text: string): boolean {
  return text.length <= maxKeyLength && keyPattern.test(text);
}
