import { STATUS_CODES } from 'node:http';
import { ApiError } from '../api-error.ts';
import { type Delivery, whole } from '../delivery.ts';
import { nextTokenOf } from '../page.ts';
import { respondWithError, type RouteCall, type SandboxResponse } from '../route.ts';
import type { DropEntriesFault, GarbageFault, MalformedFault, PagingFault, RateLimitFault } from './fault-rule.ts';
import type { Injection } from './match-fault.ts';

/** The request that a fault is injected into, and what can be done with it. */
interface InjectionContext {
  readonly call: RouteCall;
  readonly requestId: string;
  readonly carryOut: CarryOut;
  /** Carries the call out some milliseconds from now. */
  readonly carryOutLater: (milliseconds: number) => Promise<SandboxResponse>;
}

/** Carries a call out; errors are responses too. */
type CarryOut = (call: RouteCall) => SandboxResponse;

/**
 * The outcome of a request with a fault; undefined when there is nothing to spoil, and then nothing was carried out but reads.
 * Everything but `slow-commit` is done when it returns, so that a request stays atomic.
 */
export function injectFault(injection: Injection, context: InjectionContext): Delivery | Promise<Delivery> | undefined {
  const { rule, draw } = injection;
  const { call, requestId, carryOut, carryOutLater } = context;
  const carryOutIf = (committed: boolean): void => {
    if (committed) carryOut(call);
  };
  const deliverError = (status: number, message = STATUS_CODES[status] ?? 'Error'): Delivery =>
    whole(respondWithError(new ApiError(status, message), requestId));
  switch (rule.kind) {
    case 'rate-limit':
      return whole(respondTooMany(rule, { wait: draw.wait, now: call.tenant.clock(), requestId }));
    case 'error':
      carryOutIf(rule.committed ?? false);
      return deliverError(rule.status ?? 503, rule.message);
    case 'lost-before':
    case 'lost-after':
      carryOutIf(rule.kind === 'lost-after');
      return { kind: 'reset' };
    case 'hang':
      carryOutIf(rule.committed ?? false);
      return { kind: 'silence' };
    case 'slow-commit': {
      const response = carryOutLater(rule.ms);
      if (rule.answer === 'late') return response.then(whole);
      return rule.answer === 'timeout' ? deliverError(504) : { kind: 'reset' };
    }
    case 'truncate':
      return { kind: 'half', response: carryOut(call), form: rule.form ?? 'content-length' };
    case 'malformed':
      carryOutIf(rule.committed ?? true);
      return { kind: 'text', ...malformedTexts[rule.form ?? 'html'] };
    case 'garbage':
      carryOutIf(rule.committed ?? false);
      return { kind: 'raw', text: garbage[rule.form ?? 'greeting'] };
    case 'endless-pages':
    case 'repeated-token':
    case 'drop-entries': {
      const altered = alterList(rule, draw.chance, context);
      return altered === undefined ? undefined : whole(altered);
    }
    default:
      return rule satisfies never;
  }
}

const malformedTexts: Readonly<
  Record<NonNullable<MalformedFault['form']>, { readonly type: string; readonly text: string }>
> = {
  html: {
    type: 'text/html;charset=UTF-8',
    text: '<!doctype html><title>Sign in</title><p>Please sign in to go on.</p>',
  },
  json: { type: 'application/json;charset=UTF-8', text: '{"id": 1, "name": "' },
  empty: { type: 'application/json;charset=UTF-8', text: '' },
};

/** What comes in place of HTTP. */
export const garbage: Readonly<Record<NonNullable<GarbageFault['form']>, string>> = {
  'line-feeds': 'HTTP/1.1 200 OK\nContent-Length: 2\n\n[]',
  'chunk-size': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n',
  header: 'HTTP/1.1 200 OK\r\nX-Odd: a\u0000b\r\nContent-Length: 2\r\n\r\n[]',
  tls: '\u0015\u0003\u0001\u0000\u0002\u0002\u0046',
  greeting: '220 smtp.example.com ESMTP ready\r\n',
};

/** The Date header has the sandbox's time too, since a date in Retry-After means nothing without it. */
function respondTooMany(
  { retryAfter = 'seconds' }: RateLimitFault,
  { wait, now, requestId }: { readonly wait: number; readonly now: Date; readonly requestId: string },
): SandboxResponse {
  const response = respondWithError(new ApiError(429, 'Too many requests'), requestId);
  // Never earlier than the next token: both forms know whole seconds only.
  const until = new Date(Math.ceil((now.getTime() + wait) / 1_000) * 1_000);
  const headers = {
    seconds: { 'retry-after': String(Math.ceil(wait / 1_000)) },
    date: { 'retry-after': until.toUTCString(), date: now.toUTCString() },
    none: {},
  }[retryAfter];
  return { ...response, headers };
}

interface FilledPage extends SandboxResponse {
  readonly body: readonly unknown[];
}

const tokenHeader = 'elements-next-page-token';
const totalHeader = 'elements-total-count';
const returnedHeader = 'elements-returned-count';

/** The page of a list as the fault leaves it; undefined when there is nothing to spoil. */
function alterList(
  rule: PagingFault | DropEntriesFault,
  chance: number,
  { call, carryOut }: Pick<InjectionContext, 'call' | 'carryOut'>,
): SandboxResponse | undefined {
  switch (rule.kind) {
    case 'endless-pages':
      return continueList(call, carryOut);
    case 'repeated-token':
      return repeatToken(call, carryOut(call));
    case 'drop-entries':
      return dropEntries(carryOut(call), rule.count ?? 1, chance);
    default:
      return rule satisfies never;
  }
}

/** After the last page the first comes again, so that no page is ever empty. */
function continueList(call: RouteCall, carryOut: CarryOut): SandboxResponse | undefined {
  const asked = carryOut(call);
  const isPastEnd = asked.status === 404 || (Array.isArray(asked.body) && asked.body.length === 0);
  const response = isPastEnd ? carryOut(firstPageOf(call)) : asked;
  if (!isFilledPage(response)) return undefined;
  const { [totalHeader]: _total, [returnedHeader]: _returned, ...headers } = response.headers ?? {};
  const token = nextTokenOf(call.request.query, call.tenant.quirks);
  return { ...response, headers: { ...headers, [tokenHeader]: token } };
}

function firstPageOf(call: RouteCall): RouteCall {
  const query = new URLSearchParams(call.request.query);
  query.delete('nextPage');
  return { ...call, request: { ...call.request, query } };
}

/** The first page is left as it is: only the token that was asked with can come again. */
function repeatToken(call: RouteCall, response: SandboxResponse): SandboxResponse | undefined {
  const asked = call.request.query.get('nextPage') ?? '';
  if (asked === '' || !isFilledPage(response)) return undefined;
  return { ...response, headers: { ...response.headers, [tokenHeader]: asked } };
}

function dropEntries(response: SandboxResponse, count: number, chance: number): SandboxResponse | undefined {
  if (!isFilledPage(response)) return undefined;
  const { body, headers = {} } = response;
  const first = Math.floor(chance * body.length);
  const kept = body.filter((_entry, index) => (index - first + body.length) % body.length >= count);
  const returned = headers[returnedHeader] === undefined ? {} : { [returnedHeader]: String(kept.length) };
  return { ...response, body: kept, headers: { ...headers, ...returned } };
}

function isFilledPage(response: SandboxResponse): response is FilledPage {
  return response.status === 200 && Array.isArray(response.body) && response.body.length > 0;
}
