import { decodePercents } from '../../model/respelling.ts';

/** What a request on the page does, as far as its method and address tell. */
export type RequestKind = 'create' | 'other' | 'unknown';

/** Whether a request makes an instance (platform-api §3). `unknown`: its address is a variable, so that only its body can tell. */
export function kindOfRequest(method: string | undefined, url: string, hasBody: boolean): RequestKind {
  if ((method ?? (hasBody ? 'POST' : 'GET')).toUpperCase() !== 'POST') return 'other';
  const path = pathOf(url);
  if (/\/formulas\//.test(path)) return 'other';
  if (/(?:^|\/)instances\/?$/.test(path)) return 'create';
  return hasBody && /^[^/]*$/.test(path) ? 'unknown' : 'other';
}

/** From `/elements/{key}/instances`; a key may hold dots and parentheses (platform-facts A10). */
export function connectorOfUrl(url: string): string | undefined {
  const keys = url.matchAll(/\/elements\/([^/?#\s]+)(?=\/instances(?:[/?#]|$))/g);
  const key = [...keys].map(([, found = '']) => decodePercents(found)).find((found) => found !== 'api-v2');
  return key === undefined || /^[\w.()-]+$/.test(key) ? key : undefined;
}

/** `GET /elements/box/oauth/url (line 3)`: never the host, the query or anything else that may hold a credential. */
export function describeRequest(method: string, url: string, line: number): string {
  const path = pathOf(url);
  const isOrdinary = /^(?:\/[\w.()-]{1,60})+\/?$/.test(path);
  const verb = /^[A-Z]{1,10}$/.test(method) ? `${method} ` : '';
  return `${verb}${isOrdinary ? path : 'a request'} (line ${line})`;
}

/** Below the API's root, or below the host or the variable in its place. */
function pathOf(url: string): string {
  const plain = url.replace(/[?#].*$/s, '').replace(/^[a-z]+:\/\/[^/]*/i, '');
  return plain.replace(/^.*\/api-v2(?=\/|$)/, '').replace(/^[^/]+(?=\/)/, '');
}
