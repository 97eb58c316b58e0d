import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { UserError } from '../model/user-error.ts';
import { Secret } from '../model/secret.ts';

/** Where a provider sends a browser that is on this machine. */
export interface CallbackServer {
  /** The whole address of the one answer. Rejects with a UserError when none comes in time, and when it is stopped. */
  readonly answer: Promise<Secret>;
  readonly close: () => void;
}

interface CallbackOptions {
  /** The callback of the app: `http://127.0.0.1:PORT/PATH`. */
  readonly callback: URL;
  /** How long the person may take, in milliseconds. */
  readonly timeout: number;
  /** Aborted: nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** Whether a callback leads to this machine, so that its answer can be caught here. A provider is told the port, so it has to be named. */
export function asLoopback(callback: string | undefined): URL | undefined {
  if (callback === undefined || !URL.canParse(callback)) return undefined;
  const url = new URL(callback);
  const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return isHere && url.protocol === 'http:' && url.port !== '' ? url : undefined;
}

/** What an answer carries, one of them at least: a browser also asks for other things on its way. */
const answers = ['code', 'error', 'oauth_verifier', 'oauth_problem', 'denied'] as const;

/**
 * Waits on this machine for the one answer of a provider. Only GET of the exact path with an answer in it is taken, once; then it is closed, as after
 * the time is over. Nobody else is let in by a name that leads here: the host has to be the one that the callback names.
 */
export async function listenForAnswer({ callback, timeout, signal }: CallbackOptions): Promise<CallbackServer> {
  let settle: { readonly resolve: (address: Secret) => void; readonly reject: (error: UserError) => void } = {
    resolve: () => {},
    reject: () => {},
  };
  const answer = new Promise<Secret>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits for it learns of it; until then nobody may.
  answer.catch(() => {});
  const server = createServer((request, response) => {
    const found = takeAnswer(request, callback);
    respond(response, found);
    if (found === undefined) return;
    settle.resolve(new Secret(found, 'the answer of the provider'));
    close();
  });
  server.maxConnections = 20;
  server.requestTimeout = 10_000;
  const timer = setTimeout(() => fail('consent-timeout', 'Nobody agreed at the provider in time.'), timeout);
  const onAbort = () => fail('interrupted', 'Stopped while waiting for an answer of the provider.');
  signal?.addEventListener('abort', onAbort, { once: true });

  function close(): void {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    server.close();
    // The page that was just answered is let through.
    server.closeIdleConnections();
  }

  function fail(code: string, message: string): void {
    close();
    server.closeAllConnections();
    settle.reject(
      new UserError(code, message, { hint: 'Nothing was sent, and nothing waits any more. Run the command again.' }),
    );
  }

  const hostname = callback.hostname === '[::1]' ? '::1' : '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(callback, error)));
    server.listen(Number(callback.port), hostname, resolve);
  }).catch((error: unknown) => {
    close();
    throw error;
  });
  return { answer, close };
}

function takeAnswer({ method, url = '', headers }: IncomingMessage, callback: URL): string | undefined {
  if (method !== 'GET' || headers.host !== callback.host || !url.startsWith('/')) return undefined;
  const asked = `${callback.origin}${url}`;
  if (!URL.canParse(asked)) return undefined;
  const { pathname, searchParams } = new URL(asked);
  return pathname === callback.pathname && answers.some((name) => searchParams.has(name)) ? asked : undefined;
}

function respond(response: ServerResponse, found: string | undefined): void {
  const [status, text] =
    found === undefined
      ? [404, 'There is nothing here.']
      : [200, 'The answer arrived. Close this page and go back to the terminal: it says what became of it.'];
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    // A grant stands in the address of this page.
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
    connection: 'close',
  });
  response.end(`${text}\n`);
}

function cannotListen({ host }: URL, error: Error): UserError {
  const { code = error.message } = error as NodeJS.ErrnoException;
  return new UserError(
    'callback-taken',
    `Nothing can listen at ${host}, where the provider sends the answer (${code}).`,
    {
      hint: 'Nothing was sent. End what uses the port, another `authorize` for one, and run the command again.',
      cause: error,
    },
  );
}
