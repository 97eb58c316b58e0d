import type { DocumentRule } from '../rule.ts';
import type { Text } from '../subject.ts';
import { isInOddQuotes } from '../show-text.ts';
import { fillTemplates, urlProblem } from '../url-problem.ts';

const eventCallback = 'event.notification.callback.url';

export const insecureCallback: DocumentRule = {
  code: 'insecure-callback',
  severity: 'warning',
  message: 'Callback without https',
  help: 'Grants and events pass through callbacks. Over plain http, anyone in between can read and change them; without a scheme, the platform has to guess.',
  check: ({ texts }) =>
    texts.filter(isInsecure).map(({ path, key }) => ({
      path,
      detail: `\`${key}\` does not begin with \`https://\`, so what is sent there can be read in transit, or does not arrive.`,
      hint: 'Write an absolute URL that begins with `https://`.',
    })),
};

function isInsecure({ area, key, text, path }: Text): boolean {
  if (area !== 'configuration' || path.at(-1) !== key || !key.endsWith('callback.url')) return false;
  // Quotes that are none have a rule of their own.
  if (isInOddQuotes(text)) return false;
  const url = fillTemplates(text);
  if (url === '' || url === 'false' || urlProblem(url) !== undefined) return false;
  if (/^http:\/\//i.test(url)) return !/^http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/?#]|$)/i.test(url);
  // A whole reference may hold a whole URL, and connectors have OAuth callbacks without a scheme as their default.
  return key === eventCallback && !/^https:\/\//i.test(url) && !/^(?:\$\{\{|\{)/.test(text);
}
