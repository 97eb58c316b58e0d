import { reveal, Secret } from './secret.ts';

/** Joins texts and secrets to one secret, so that nobody has to open one for it. A secret that stands alone stays itself. */
export function joinSecrets(parts: readonly (Secret | string)[]): Secret {
  const secrets = parts.filter((part) => part instanceof Secret);
  const [only] = secrets;
  if (only && secrets.length === 1 && parts.every((part) => part === only || part === '')) return only;
  const text = parts.map((part) => (part instanceof Secret ? reveal(part) : part)).join('');
  return new Secret(text, [...new Set(secrets.map(({ origin }) => origin))].join(' + '));
}

/** The secret as JSON text: in double quotes, with escapes. */
export function quoteSecret(secret: Secret): Secret {
  return new Secret(JSON.stringify(reveal(secret)), secret.origin);
}
