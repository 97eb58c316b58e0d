import { didYouMean } from '../../model/nearest-name.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import { showText } from '../show-text.ts';
import type { Text } from '../subject.ts';

/** The platform's own (platform-api §10). */
const known = ['date', 'gmtDate', 'dateTimeZone', 'epoch'];
const placeholder = /\$\{(?!\{)([^{}]*)\}/g;

export const unknownPlatformPlaceholder: DocumentRule = {
  code: 'unknown-platform-placeholder',
  severity: 'warning',
  message: 'Unknown placeholder',
  help: 'The platform fills in `${date:...}`, `${gmtDate:...}`, `${dateTimeZone:...}` and `${epoch}`. It does not know environment variables; references of connectorctl have two braces.',
  check: ({ texts }) =>
    texts
      .filter(({ text, area }) => area !== 'other' && text.includes('$') && /\$\{(?!\{)/.test(text))
      .flatMap(toFindings),
};

function toFindings(text: Text): readonly Finding[] {
  return [...text.text.matchAll(placeholder)].flatMap(({ 0: found, 1: inside = '', index }) => {
    const name = inside.split(':', 1)[0]?.trim() ?? '';
    if (known.includes(name) || /^(?:secrets|vars)\./.test(name)) return [];
    return [
      {
        path: text.path,
        span: { start: index, end: index + found.length },
        detail: `\`${text.key}\` holds ${showText({ ...text, text: found }, 'a placeholder')}, which the platform does not fill in: it knows \`date\`, \`gmtDate\`, \`dateTimeZone\` and \`epoch\`.`,
        hint: didYouMean(name, known) ?? 'For a value of your own, write `${{ secrets.NAME }}` or `${{ vars.NAME }}`.',
      },
    ];
  });
}
