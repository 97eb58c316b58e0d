import { request } from 'node:http';
import type { MadeEvent } from '../model/event-delivery.ts';
import { isJsonObject } from '../model/json.ts';
import { parseUrl } from '../model/parse-url.ts';
import { isThisMachine } from './probe-callback.ts';

/** Milliseconds that the sandbox may take: its callback may take ten seconds of them. */
const patience = 30_000;

/** Bytes of an answer that are read. */
const mostBytes = 1_000_000;

/** Where a sandbox makes events, and the header by which it is known: nothing is sent to a server that does not name itself so. */
const path = '/sandbox/events';
const mark = 'x-connectorctl-sandbox';

/**
 * Lets a sandbox on this machine make an event of an instance, poll for it and send it, and answers what became of it.
 * Undefined where the platform is no sandbox: no real one makes events because somebody asks. Never throws.
 * @param platform its base URL
 */
export async function makeEvent(platform: string, instanceId: string): Promise<MadeEvent | undefined> {
  const base = parseUrl(platform);
  if (base === undefined || base.protocol !== 'http:' || !isThisMachine(base)) return undefined;
  const url = new URL(path, base);
  const page = await exchange(url, 'GET', '');
  if (page?.mark !== 'events') return undefined;
  const form = new URLSearchParams({ do: 'prove', instance: instanceId });
  const answer = await exchange(url, 'POST', form.toString());
  return (
    (answer && readMade(answer.text)) ?? { isDelivered: false, answer: 'the sandbox did not say what became of it' }
  );
}

interface Exchanged {
  readonly mark: string | undefined;
  readonly text: string;
}

function exchange(url: URL, method: 'GET' | 'POST', body: string): Promise<Exchanged | undefined> {
  const headers = body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve) => {
    const outgoing = request(url, { method, headers, agent: false, signal: AbortSignal.timeout(patience) });
    outgoing.once('error', () => resolve(undefined));
    outgoing.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > mostBytes) response.destroy();
      });
      response.once('close', () => resolve({ mark: String(response.headers[mark] ?? ''), text }));
    });
    outgoing.end(body);
  });
}

function readMade(text: string): MadeEvent | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isJsonObject(value)) return undefined;
    const { eventId, isDelivered, answer } = value;
    if (typeof isDelivered !== 'boolean' || typeof answer !== 'string') return undefined;
    return { eventId: typeof eventId === 'string' ? eventId : undefined, isDelivered, answer };
  } catch {
    return undefined;
  }
}
