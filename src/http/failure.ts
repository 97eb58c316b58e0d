import type { RequestFailure, RequestSummary } from './reply.ts';

type Kind = Omit<RequestFailure, 'kind' | 'request' | 'cause'>;

/**
 * What an error of the network means.
 * Throws the error itself when the network has nothing to do with it: then it is one of our own bugs.
 */
export function describeFailure(error: unknown, request: RequestSummary): RequestFailure {
  const kind = classify(error);
  if (kind === undefined) throw error;
  return { kind: 'failure', request, ...kind, cause: error };
}

/**
 * The failure as a sentence: an answer that came and is of no use is another thing than none.
 * @param who who was asked
 * @param after what stands behind the request: ` after 5 attempts`
 */
export function sayFailure(who: string, { code, what, request }: RequestFailure, after = ''): string {
  const { method, path } = request;
  return code === 'unreadable-answer'
    ? `The answer of ${who} to ${method} ${path} cannot be used${after}: ${what}.`
    : `${who} did not answer ${method} ${path}${after}: ${what}.`;
}

/** The failure of a request that we stopped ourselves. */
export function describeInterruption(request: RequestSummary, sent: boolean, cause: unknown): RequestFailure {
  return { kind: 'failure', request, code: 'interrupted', what: 'it was interrupted', passing: false, sent, cause };
}

const unreachable = { code: 'unreachable', passing: true, sent: false } as const;
const lost = { code: 'connection-lost', passing: true, sent: true } as const;
const slow = { code: 'timeout', passing: true } as const;
const unreadable = { code: 'unreadable-answer', passing: false, sent: true } as const;

const giveAuthority =
  'If a proxy or server of your own is in between, name its certificate authority in the process environment, as a PEM file:\nNODE_EXTRA_CA_CERTS=/path/to/authority.pem';

const byCode: Readonly<Record<string, Kind>> = {
  ENOTFOUND: { ...unreachable, what: 'the host name is not known (ENOTFOUND)' },
  EAI_AGAIN: { ...unreachable, what: 'the host name could not be looked up (EAI_AGAIN)' },
  ECONNREFUSED: { ...unreachable, what: 'the connection was refused (ECONNREFUSED)' },
  UND_ERR_CONNECT_TIMEOUT: {
    ...slow,
    sent: false,
    what: 'connecting to the host timed out',
  },
  UND_ERR_HEADERS_TIMEOUT: { ...slow, sent: true, what: 'no answer arrived in time' },
  UND_ERR_BODY_TIMEOUT: { ...slow, sent: true, what: 'the answer stopped halfway' },
  ECONNRESET: { ...lost, what: 'the connection was lost (ECONNRESET)' },
  EPIPE: { ...lost, what: 'the connection was lost (EPIPE)' },
  UND_ERR_SOCKET: { ...lost, what: 'the connection was closed before the answer was complete' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { ...lost, what: 'the answer was cut off' },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { ...unreadable, what: 'it is unreasonably large' },
  UND_ERR_HEADERS_OVERFLOW: { ...unreadable, what: 'its headers are unreasonably large' },
  PROXY_HUNG_UP: { code: 'proxy', passing: true, sent: false, what: 'the proxy closed the connection' },
};

/** Code of an error that came over a TLS connection which stood: whatever is wrong with it, a request may have gone through before. */
const tlsBroken = 'TLS_BROKEN';

const tlsCodes =
  /^(?:CERT_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_|UND_ERR_PRX_TLS|EPROTO)/;

/** The error of a request that was begun on an established connection. Of TLS, it is no longer one that shows that nothing was sent. */
export function afterStart(error: Error): Error {
  const code = codeOf(error);
  return tlsCodes.test(code) ? Object.assign(new Error(code, { cause: error }), { code: tlsBroken }) : error;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function classify(error: unknown): Kind | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'TimeoutError') return { ...slow, sent: true, what: 'it took longer than the time limit' };
  const refusedBy = /^Proxy response \((\d+)\)/.exec(error.message)?.[1];
  if (refusedBy !== undefined) return refusedByProxy(Number(refusedBy));

  const code = codeOf(error);
  if (code === tlsBroken) return { ...lost, what: `the TLS connection broke (${error.message})` };
  const known = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (known !== undefined) return known;
  if (tlsCodes.test(code)) return untrusted(code);
  // undici's parser gives no code of its own: `code` is undefined.
  if (error.name === 'HTTPParserError') return { ...unreadable, what: 'it is not HTTP' };
  // Of a host with several addresses there is an error for each, none of which could be connected to.
  if (error instanceof AggregateError) return classify(error.errors[0]);
  // Whatever else the system refuses: no route, too many open files, a time-out of its own.
  if ('syscall' in error)
    return { ...(isConnecting(error.syscall) ? unreachable : lost), what: `the network refused it (${code})` };
  return undefined;
}

function isConnecting(syscall: unknown): boolean {
  return syscall === 'connect' || syscall === 'getaddrinfo';
}

function untrusted(code: string): Kind {
  return {
    code: 'tls',
    passing: false,
    sent: false,
    what: `no trusted TLS connection could be established (${code})`,
    hint: giveAuthority,
  };
}

function refusedByProxy(status: number): Kind {
  const hint =
    status === 407
      ? 'Put the user and password into HTTPS_PROXY, percent-encoded: http://user:password@host:port'
      : 'Ask the operator of the proxy to allow the host, or add the host to NO_PROXY.';
  return {
    code: 'proxy',
    passing: status >= 500,
    sent: false,
    what: `the proxy refused to connect (HTTP ${status})`,
    hint,
  };
}
