import type { DocumentRule } from '../rule.ts';

/** No limit is documented (platform-api §16); this is what such a column commonly holds. */
const limit = 255;

export const longName: DocumentRule = {
  code: 'long-name',
  severity: 'warning',
  message: 'Very long name or tag',
  help: 'Nobody documents how long names and tags may be. Long ones may be refused or cut.',
  check: ({ texts }) =>
    texts
      .filter(({ area, key, text }) => area === 'other' && (key === 'name' || key === 'tags') && text.length > limit)
      .map(({ path, key, text }) => ({
        path,
        detail: `\`${key}\` is ${text.length} characters long; the platform may refuse or cut what is longer than ${limit}.`,
        hint: 'Write something shorter.',
      })),
};
