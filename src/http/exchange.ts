import type { Dispatcher } from 'undici';
import type { RequestWay } from './direct-dispatcher.ts';
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
  readonly dispatcher: RequestWay;
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

  const { method } = name;
  const headers =
    message.body === undefined ? message.headers : { ...message.headers, 'content-type': 'application/json' };
  const sending = send({ ...splitUrl(message.url), method, headers, body: message.body ?? null }, dispatcher);
  const timer = setTimeout(() => sending.stop(new DOMException('too slow', 'TimeoutError')), options.limit);
  const onAbort = (): void => sending.stop(signal?.reason);
  // Not AbortSignal.any: it would keep a reference to every request for as long as the long-lived signal lives.
  signal?.addEventListener('abort', onAbort);
  try {
    return toReply(name, await sending.answer);
  } catch (error) {
    return isAborted(signal) ? describeInterruption(name, true, error) : describeFailure(error, name);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The parts of an address that a dispatcher wants. */
function splitUrl(url: string): { readonly origin: string; readonly path: string } {
  const plain = plainUrl.exec(url)?.groups;
  if (plain !== undefined) return { origin: plain['origin'] ?? '', path: plain['path'] ?? '' };
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname}${search}` };
}

/** One that stays as it is when it is read as a URL: no user, no standard port, no part that begins with a dot, nothing to be encoded. */
const plainUrl =
  /^(?<origin>https?:\/\/(?:127\.0\.0\.1|[a-z](?:[a-z0-9.-]*[a-z])?)(?::(?!80\/|443\/|0)\d{2,4}|:[1-5]\d{4})?)(?<path>(?:\/(?!\.|%2[eE])[\w~%.=-]*)+(?:\?[\w~%.=&-]*)?)$/;

/** A whole answer. */
interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

interface SentRequest {
  /** Rejects with whatever ended the request before its answer was whole. */
  readonly answer: Promise<WholeAnswer>;
  /** Ends the request, as soon as it has a connection, for this reason. */
  readonly stop: (reason: unknown) => void;
}

/** Without the stream that `request` of undici makes of an answer, as each is read to its end: it took as long as all the rest. */
function send(options: Dispatcher.DispatchOptions, dispatcher: RequestWay): SentRequest {
  let controller: Dispatcher.DispatchController | undefined;
  let reason: Error | undefined;
  const answer = new Promise<WholeAnswer>((resolve, reject) => {
    let [status, headers]: [number, WholeAnswer['headers']] = [0, {}];
    const chunks: Buffer[] = [];
    dispatcher.dispatch(options, {
      onRequestStart: (next) => {
        controller = next;
        if (reason !== undefined) next.abort(reason);
      },
      onResponseStart: (_controller, code, found) => {
        // Any before it says that the answer is to come.
        if (code >= 200) [status, headers] = [code, found];
      },
      onResponseData: (_controller, chunk) => {
        chunks.push(chunk);
      },
      onResponseEnd: () => resolve({ status, headers, text: decode(chunks) }),
      onResponseError: (_controller, error) => reject(error),
    });
  });
  const stop = (why: unknown): void => {
    reason ??= why instanceof Error ? why : new Error('stopped', { cause: why });
    controller?.abort(reason);
  };
  return { answer, stop };
}

const byteOrderMark = /^\uFEFF/;

/** A byte that is no UTF-8 becomes U+FFFD: harmless in a message, and no JSON document depends on it. */
function decode(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
  return bytes.toString('utf8').replace(byteOrderMark, '');
}

function toReply(request: RequestSummary, { status, headers, text }: WholeAnswer): Reply {
  return {
    kind: 'reply',
    request,
    status,
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
