import type { DocumentRule } from '../rule.ts';
import type { Path, Text } from '../subject.ts';
import { isUrlKey } from '../url-problem.ts';
import { pollerKey } from '../../model/platform-keys.ts';

export const surroundingBlanks: DocumentRule = {
  code: 'surrounding-blanks',
  severity: 'warning',
  message: 'Spaces around a value',
  help: 'Leading and trailing spaces and line breaks are sent as part of the value. Credentials fail with them, and names come back without them.',
  check: ({ texts }) =>
    texts.filter(hasBlanks).map(({ path, key, text }) => ({
      path,
      detail: `\`${nameOf(path, key)}\` ${text.endsWith('\n') ? 'ends with a line break' : 'begins or ends with a space'}, which would be sent as well.`,
      hint: text.endsWith('\n') ? 'Write the value on one line, or `|-` instead of `|`.' : 'Remove the spaces.',
    })),
};

/** The field itself, inside a setting that has several. */
function nameOf(path: Path, key: string): string {
  const last = path.at(-1);
  return typeof last === 'string' ? last : key;
}

/** Blanks around JSON and around the address of a polled resource do no harm (vendors' defaults have them); URLs have a rule of their own. */
function hasBlanks({ text, key, area, path }: Text): boolean {
  if (key === pollerKey && path.at(-1) === 'url') return false;
  if (text === text.trim() || text.trim() === '' || /^\s*[[{]/.test(text)) return false;
  return area !== 'configuration' || !isUrlKey(key);
}
