import { didYouMean } from '../../model/nearest-name.ts';
import type { DocumentRule } from '../rule.ts';

const prefix = 'configuration.';

export const ignoreWithoutKey: DocumentRule = {
  code: 'ignore-without-key',
  severity: 'warning',
  message: 'Nothing to ignore',
  help: 'Only keys that the definition sets are compared, so only those can be ignored.',
  check: ({ fields: { ignore }, entries }) => {
    if (!Array.isArray(ignore)) return [];
    const keys = new Set(entries.map(({ key }) => `${prefix}${key}`));
    return [...ignore.entries()].flatMap(([index, entry]) =>
      typeof entry !== 'string' || !entry.startsWith(prefix) || entry === prefix || keys.has(entry)
        ? []
        : [
            {
              path: ['ignore', index],
              detail: `\`${entry}\` is ignored, but the definition does not set it, and what is not set is never compared.`,
              hint: didYouMean(entry, keys) ?? 'Remove it.',
            },
          ],
    );
  },
};
