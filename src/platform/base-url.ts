import { type BaseUrlFault, judgeHost, readBaseUrl } from '../model/base-url.ts';
import { UserError } from '../model/user-error.ts';

/** The base URL in its one spelling, as `readBaseUrl` says. Throws a UserError of kind `invalid` for what cannot be one. */
export function normalizeBaseUrl(text: string): string {
  const read = readBaseUrl(text);
  if (!read.ok) throw refuse(read.fault);
  return read.baseUrl;
}

/**
 * The last gate before credentials go out. Throws a UserError of kind `invalid` where `judgeHost` finds a fault.
 * @param place where the base URL stands, as `file:line:column`
 */
export function checkHost(baseUrl: string, allowedHosts: readonly string[], place?: string): void {
  const fault = judgeHost(baseUrl, allowedHosts);
  if (fault === undefined) return;
  throw refuse(place === undefined ? fault : { ...fault, message: `${fault.message} It stands at ${place}.` });
}

/** Refuses plain http to anything but loopback: everybody on the way would read the credentials. */
export function checkScheme({ href }: URL): void {
  normalizeBaseUrl(href);
}

function refuse({ code, message, hint }: BaseUrlFault): UserError {
  return new UserError(code, message, { kind: 'invalid', hint });
}
