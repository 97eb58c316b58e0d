import { createHmac } from 'node:crypto';
import type { Configuration } from '../instance/configuration.ts';

/** A notification that is about to be sent. */
interface Sending {
  /** Of the subscription. */
  readonly id: number;
  readonly body: string;
}

/** These are of the message itself, and not for an instance to say. */
const own: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'connection', 'host']);

/**
 * Signed with the key that the instance has at that moment, and not at all when it has none; with the login and the headers that its callback
 * wants (platform-api §10). The form of `event.notification.callback.headers` is not documented: an object in JSON, or lines of `name: value`.
 */
export function deliveryHeaders(configuration: Configuration, { id, body }: Sending): Readonly<Record<string, string>> {
  const key = configuration['event.notification.signature.key'] ?? '';
  const user = configuration['event.notification.basic.username'] ?? '';
  const password = configuration['event.notification.basic.password'] ?? '';
  const login = Buffer.from(`${user}:${password}`).toString('base64');
  return {
    ...(user === '' ? {} : { authorization: `Basic ${login}` }),
    ...readHeaders(configuration['event.notification.callback.headers'] ?? ''),
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'elements-webhook-id': String(id),
    ...(key === ''
      ? {}
      : { 'elements-webhook-signature': `sha256=${createHmac('sha256', key).update(body).digest('base64')}` }),
  };
}

function readHeaders(text: string): Readonly<Record<string, string>> {
  const pairs = readObject(text) ?? text.split(/\r?\n/).map(splitLine);
  return Object.fromEntries(
    pairs
      .map(([name, value]): readonly [string, string] => [name.trim().toLowerCase(), value.trim()])
      .filter(([name, value]) => isHeader(name, value)),
  );
}

function readObject(text: string): readonly (readonly [string, string])[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? one : JSON.stringify(one)])
      : undefined;
  } catch {
    return undefined;
  }
}

function splitLine(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? ['', ''] : [line.slice(0, colon), line.slice(colon + 1)];
}

/** What cannot be sent is left out, so that a mistake in it does not keep the notification back. */
function isHeader(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !own.has(name) && /^[\t -~\u0080-\u00FF]*$/.test(value);
}
