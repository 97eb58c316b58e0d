import type { Dispatcher } from 'undici';
import { describeFailure, describeInterruption } from './failure.ts';
import type { ExchangeResult, Reply, RequestSummary } from './reply.ts';

/** One request, ready to be sent. */
interface Message {
  readonly name: RequestSummary;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string | undefined;
}

interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  /** Milliseconds from start to finish. */
  readonly limit: number;
  /** Stops the request where it stands. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request once and reads the whole answer, so that the connection can be used again.
 * Follows no redirect. Throws only for our own bugs.
 */
export async function exchange(message: Message, options: ExchangeOptions): Promise<ExchangeResult> {
  const { name } = message;
  const { dispatcher, signal } = options;
  if (isAborted(signal)) return describeInterruption(name, false, undefined);

  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new DOMException('too slow', 'TimeoutError')), options.limit);
  const onAbort = (): void => stop.abort(signal?.reason);
  // Not AbortSignal.any: it would keep a reference to every request for as long as the long-lived signal lives.
  signal?.addEventListener('abort', onAbort);
  try {
    const { method } = name;
    const { body } = message;
    const headers = body === undefined ? message.headers : { ...message.headers, 'content-type': 'application/json' };
    const { origin, pathname, search } = new URL(message.url);
    const response = await dispatcher.request({
      origin,
      path: `${pathname}${search}`,
      method,
      headers,
      body: body ?? null,
      signal: stop.signal,
    });
    return await readReply(name, response);
  } catch (error) {
    return isAborted(signal) ? describeInterruption(name, true, error) : describeFailure(error, name);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function readReply(request: RequestSummary, response: Dispatcher.ResponseData): Promise<Reply> {
  const { statusCode, headers, body } = response;
  // A byte that is no UTF-8 becomes U+FFFD: harmless in a message, and no JSON document depends on it.
  const text = await body.text();
  return {
    kind: 'reply',
    request,
    status: statusCode,
    text,
    header: (name) => {
      const value = headers[name];
      return typeof value === 'object' ? value[0] : value;
    },
  };
}

// Read again each time: it changes while a request is under way.
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
