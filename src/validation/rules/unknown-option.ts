import { joinWords } from '../../model/join-words.ts';
import { entryOf } from '../../catalogue/choices.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import { catalogueEntryOf, severityOf } from '../catalogue-entry.ts';
import type { DocumentRule } from '../rule.ts';
import { isSecretText, quote } from '../show-text.ts';

/** Has a rule of its own, which knows the spellings of all connectors. */
const elsewhere = 'event.vendor.type';

export const unknownOption: DocumentRule = {
  code: 'unknown-option',
  severity: 'warning',
  message: 'Unknown option',
  help: 'The connector takes only certain values for this key.',
  check: (subject, context) => {
    const known = catalogueEntryOf(subject, context);
    if (known === undefined) return [];
    return subject.entries.flatMap(({ key, value, path }) => {
      const options = entryOf(known.connector, key)?.options?.map((option) => option.value) ?? [];
      const isOpen = typeof value !== 'string' || value.includes('${{') || key === elsewhere;
      if (isOpen || options.length === 0 || options.includes(value)) return [];
      const isKnownSecret = subject.secretKeys.has(key);
      const shown = isSecretText({ area: 'configuration', path, isKnownSecret }) ? 'this value' : quote(value);
      const names = joinWords(
        options.map((option) => `\`${option}\``),
        'or',
      );
      return [
        {
          path,
          severity: severityOf(known),
          detail: `\`${key}\` of the connector \`${known.connector.key}\` must be ${names}, not ${shown}.`,
          hint: didYouMean(value, options) ?? `Write ${names}.`,
        },
      ];
    });
  },
};
