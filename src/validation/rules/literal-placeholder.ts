import { findPlaceholder, looksMasked } from '../../model/placeholder.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import { quote, showText } from '../show-text.ts';
import type { Text } from '../subject.ts';
import { isUrlKey } from '../url-problem.ts';

export const literalPlaceholder: DocumentRule = {
  code: 'literal-placeholder',
  severity: 'error',
  message: 'Placeholder instead of a value',
  help: 'Examples contain placeholders such as `<CALLBACK_URL>` or `xxxxxxxx`. If they are sent, the instance cannot work.',
  hides: 'all',
  check: ({ texts }) => texts.flatMap(toFindings),
};

function toFindings(text: Text): readonly Finding[] {
  const inPoller = text.key.startsWith('event.poller.');
  const placeholder = looksMasked(text.text) ? undefined : findPlaceholder(text.text, isUrlKey(text.key) && !inPoller);
  if (placeholder === undefined) return [];
  return [
    {
      path: text.path,
      detail: `\`${text.key}\` still contains ${shown(text, placeholder)}, which would be sent literally.`,
      hint:
        text.area === 'other'
          ? 'Write the real value.'
          : 'Write the real value, or a reference: `${{ secrets.NAME }}`, `${{ vars.NAME }}`.',
    },
  ];
}

/** Under a secret-looking key only what is a placeholder for certain is shown. */
function shown(text: Text, placeholder: string): string {
  if (/^x+/i.test(placeholder)) return 'example text';
  const certain = /^<\/?[A-Z][A-Z_ -]*>$/.test(placeholder);
  const shownText = certain ? quote(placeholder) : showText({ ...text, text: placeholder }, '');
  return shownText === '' ? 'example text' : `the placeholder ${shownText}`;
}
