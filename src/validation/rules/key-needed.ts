import { isJsonObject } from '../../model/json.ts';
import type { DocumentRule } from '../rule.ts';

export const keyNeeded: DocumentRule = {
  code: 'key-needed',
  severity: 'error',
  message: 'Key needed',
  help: 'The key of a definition comes from the path of its file. In a file with several documents, each needs its own key, or they could not be told apart.',
  check: ({ document, fields }) =>
    document.count > 1 && isJsonObject(document.value) && !Object.hasOwn(fields, 'key')
      ? [
          {
            path: [],
            detail: `The file contains ${document.count} documents, and document ${document.index + 1} has no \`key\` that distinguishes it from the others.`,
            hint: 'Add `key:` with a name that never changes, or give each document its own file.',
          },
        ]
      : [],
};
