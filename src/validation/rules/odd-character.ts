import type { DocumentRule } from '../rule.ts';
import { isInOddQuotes } from '../show-text.ts';
import type { Text } from '../subject.ts';

const invisible = /[\u00AD\u180E\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]|(?![\t\n\r])\p{Cc}/u;

export const oddCharacter: DocumentRule = {
  code: 'odd-character',
  severity: 'warning',
  message: 'Character that was probably not meant',
  help: 'Word processors and chats turn quotes into typographic ones, and put characters into a text that nobody sees. YAML takes them for a part of the value, and they are sent.',
  check: ({ texts }) =>
    texts.filter(maybeOdd).flatMap((text) => {
      const found = describeOdd(text);
      return found === undefined ? [] : [{ path: text.path, ...found }];
    }),
};

/** Nearly every text has only what a keyboard has, and no comma at its end. */
function maybeOdd({ text }: Text): boolean {
  return text.endsWith(',') || /[^ -~]/.test(text);
}

function describeOdd({ text, key, area, path }: Text): { readonly detail: string; readonly hint: string } | undefined {
  if (isInOddQuotes(text)) {
    return {
      detail: `\`${key}\` stands in typographic quotes, which would be sent as a part of the value.`,
      hint: 'Write `\'` or `"` around the value, or no quotes at all.',
    };
  }
  if (area === 'other' || path.at(-1) !== key || /^\s*[[{]/.test(text)) return undefined;
  if (invisible.test(text) || /[^\s][\u00A0\u202F][^\s]/u.test(text) || /^[^\n]*\t[^\n]*$/.test(text.trim())) {
    return {
      detail: `\`${key}\` contains a character that cannot be seen, or a tab, which would be sent as a part of the value.`,
      hint: 'Write the value anew instead of copying it.',
    };
  }
  if (/^[^,]*[^,\s],$/.test(text)) {
    return {
      detail: `\`${key}\` ends with a comma, which would be sent as a part of the value.`,
      hint: 'Remove the comma: in YAML a line ends without one.',
    };
  }
  return undefined;
}
