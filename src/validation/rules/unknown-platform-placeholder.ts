import { joinWords } from '../../model/join-words.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import { showText } from '../show-text.ts';
import type { Text } from '../subject.ts';

/** The platform's own (platform-api §10); the last three stand in the vendors' own defaults (platform-facts C). */
const known = ['date', 'gmtDate', 'dateTimeZone', 'epoch', 'milliseconds', 'now', 'nowTimeZone'];
const names = joinWords(
  known.map((name) => `\`${name}\``),
  'and',
);
/** A date pattern without a name, as one vendor's default has it (platform-facts C). */
const datePattern = /^[yMdHhmsSaEZzXkKDwW'TZ:.,/ +-]*y{2,4}[yMdHhmsSaEZzXkKDwW'TZ:.,/ +-]*$/;
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
    const name = inside.split(':', 1)[0]?.trim() ?? '';
    if (known.includes(name) || datePattern.test(inside) || /^(?:secrets|vars)\./.test(name)) return [];
    return [
      {
        path: text.path,
        span: { start: index, end: index + found.length },
        detail: `\`${text.key}\` holds ${showText({ ...text, text: found }, 'a placeholder')}, which the platform does not fill in: it knows ${names}.`,
        hint: didYouMean(name, known) ?? 'For a value of your own, write `${{ secrets.NAME }}` or `${{ vars.NAME }}`.',
      },
    ];
  });
}
