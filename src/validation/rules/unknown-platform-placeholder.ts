import { joinWords } from '../../model/join-words.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import { isPlatformPlaceholder, nameOfPlaceholder, platformPlaceholders } from '../../model/placeholder.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import { showText } from '../show-text.ts';
import type { Text } from '../subject.ts';

const names = joinWords(
  platformPlaceholders.map((name) => `\`${name}\``),
  'and',
);
const placeholder = /\$\{(?!\{)([^{}]*)\}/g;

export const unknownPlatformPlaceholder: DocumentRule = {
  code: 'unknown-platform-placeholder',
  severity: 'warning',
  message: 'Unknown placeholder',
  help: 'The platform fills in `${date:...}`, `${gmtDate:...}`, `${dateTimeZone:...}`, `${epoch}`, `${milliseconds}`, `${now}` and `${nowTimeZone:...}`. It does not know environment variables; references of connectorctl have two braces.',
  check: ({ texts }) =>
    texts
      .filter(({ text, area }) => area !== 'other' && text.includes('$') && /\$\{(?!\{)/.test(text))
      .flatMap(toFindings),
};

function toFindings(text: Text): readonly Finding[] {
  return [...text.text.matchAll(placeholder)].flatMap(({ 0: found, 1: inside = '', index }) => {
    const name = nameOfPlaceholder(inside);
    if (isPlatformPlaceholder(inside) || /^(?:secrets|vars)\./.test(name)) return [];
    return [
      {
        path: text.path,
        span: { start: index, end: index + found.length },
        detail: `\`${text.key}\` holds ${showText({ ...text, text: found }, 'a placeholder')}, which the platform does not fill in: it knows ${names}.`,
        hint:
          didYouMean(name, platformPlaceholders) ??
          'For a value of your own, write `${{ secrets.NAME }}` or `${{ vars.NAME }}`.',
      },
    ];
  });
}
