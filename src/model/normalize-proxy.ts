import { UserError } from './user-error.ts';
import { toUrl } from './to-url.ts';

/**
 * A proxy as a URL: `host:8080` becomes `http://host:8080`, as other programs read it. Empty text stays empty: no proxy.
 * Throws a UserError of kind `invalid` for anything but an http or https URL. The text itself is never shown: it may hold a password.
 */
export function normalizeProxy(text: string): string {
  if (text === '') return '';
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/^https?:/i.test(withScheme) && toUrl(withScheme) !== undefined) return withScheme;
  throw new UserError(
    'invalid-proxy',
    'The proxy in HTTPS_PROXY or HTTP_PROXY cannot be used: it is no http or https URL.',
    {
      kind: 'invalid',
      hint: 'Write it as http://host:port, or unset it.',
    },
  );
}
