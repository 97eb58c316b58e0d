import { placeOfField } from '../collect-resources.ts';
import type { DocumentRule } from '../rule.ts';

export const pollerUrlQuotes: DocumentRule = {
  code: 'poller-url-quotes',
  severity: 'warning',
  message: 'Unbalanced quotes or braces',
  help: "In the query of a polled resource, a time is a placeholder in single quotes: `'${gmtDate:yyyy-MM-dd}'`. Inside the placeholder, literal letters are in single quotes too. An unmatched quote makes the query fail.",
  check: ({ resources }) =>
    resources.flatMap((resource) => {
      const url = resource.fields['url'];
      if (typeof url !== 'string') return [];
      if (isOddlyQuoted(url)) {
        return [
          {
            path: placeOfField(resource, 'url'),
            detail: `The \`url\` of the polled resource \`${resource.name}\` has quotes around a time that are no single quotes.`,
            hint: "Write `'` around the placeholder: `'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'`.",
          },
        ];
      }
      if (isBalanced(url)) return [];
      return [
        {
          path: placeOfField(resource, 'url'),
          detail: `The \`url\` of the polled resource \`${resource.name}\` contains an unmatched single quote or brace.`,
          hint: "Compare it with this example: `'${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'`.",
        },
      ];
    }),
};

function isOddlyQuoted(url: string): boolean {
  return /[“”„‟‘’‚‛"`]\$\{(?!\{)/u.test(url);
}

/** A placeholder may hold names in braces that the connector fills in: `${dateTimeZone:{TimeZone}:yyyy-MM-dd}`. */
function isBalanced(url: string): boolean {
  const placeholders = url.match(/\$\{(?!\{)(?:[^{}]|\{[^{}]*\})*\}/g) ?? [];
  const rest = url.replace(/\$\{\{[^{}]*\}\}|\$\{(?!\{)(?:[^{}]|\{[^{}]*\})*\}|\{[^{}]*\}/g, '');
  return [...placeholders, rest].every(hasEvenQuotes) && !/[{}]/.test(rest);
}

function hasEvenQuotes(text: string): boolean {
  return text.split("'").length % 2 === 1;
}
