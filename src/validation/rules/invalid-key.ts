import { isDefinitionKey } from '../../definition/definition-key.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';

export const invalidKey: DocumentRule = {
  code: 'invalid-key',
  severity: 'error',
  message: 'Invalid key',
  help: 'The key is written into a tag of the live instance, so it may contain only characters that are safe there.',
  check: ({ key, fields }) => {
    if (key === undefined || isDefinitionKey(key)) return [];
    const own = Object.hasOwn(fields, 'key');
    return [
      {
        path: own ? ['key'] : [],
        detail: `${quote(key)} cannot be the key of a definition: it goes into a tag, where not every character is safe.`,
        hint: own
          ? 'Use letters, digits, `.`, `_` and `-`, with `/` between parts.'
          : 'The key comes from the path of the file. Rename the file, or add `key:` with letters, digits, `.`, `_` and `-`.',
      },
    ];
  },
};
