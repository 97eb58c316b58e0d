import { UserError } from '../model/user-error.ts';
import { toUrl } from '../model/to-url.ts';

/** Path under which the whole API stands (platform-api §1). */
const apiPath = '/elements/api-v2';

// Stricter than the URL parser, which would repair backslashes, full-width letters, percent signs and user names in a host.
const shape =
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?(?:\/elements(?:\/api-v2)?)?\/*$/i;

/**
 * The base URL in its one spelling: `https://host[:port]/elements/api-v2`, without a slash at the end.
 * Takes it with or without the path or part of it (platform-api §1).
 * Throws a UserError of kind `invalid` for anything else: a user name, a query, another path, a host that is no plain ASCII name.
 */
export function normalizeBaseUrl(text: string): string {
  const trimmed = text.trim();
  const url = shape.test(trimmed) ? toUrl(trimmed) : undefined;
  if (url === undefined) throw invalidBaseUrl();
  return `${url.origin}${apiPath}`;
}

// The text is not repeated: a URL with a password in it is one of the ways to get here.
function invalidBaseUrl(): UserError {
  return new UserError('invalid-base-url', 'The base URL of the platform cannot be used.', {
    kind: 'invalid',
    hint: 'Write `baseUrl` as scheme and host only, such as https://api.openconnectors.eu10.ext.hana.ondemand.com. The path /elements/api-v2 may follow; a user name, a query or another path may not.',
  });
}
