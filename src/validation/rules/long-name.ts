import type { DocumentRule } from '../rule.ts';

/** No limit is documented (platform-api §16); this is what such a column commonly holds. */
const limit = 255;

export const longName: DocumentRule = {
  code: 'long-name',
  severity: 'warning',
  message: 'Very long name or tag',
  help: 'The maximum length of names and tags is not documented. Long ones may be refused or cut off.',
  check: ({ texts }) =>
    texts
      .filter(({ area, key, text }) => area === 'other' && (key === 'name' || key === 'tags') && text.length > limit)
      .map(({ path, key, text }) => ({
        path,
        detail: `\`${key}\` is ${text.length} characters long; the platform may refuse or cut off anything longer than ${limit}.`,
        hint: 'Shorten it.',
      })),
};
