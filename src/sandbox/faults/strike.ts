import { STATUS_CODES } from 'node:http';
import { ApiError } from '../api-error.ts';
import { toErrorAnswer } from '../error-answer.ts';
import { type Delivery, whole } from '../delivery.ts';
import type { Answer, Call } from '../exchange.ts';
import { toNextToken } from '../page.ts';
import type { DropEntriesFault, MalformedFault, PagingFault, RateLimitFault } from './fault.ts';
import type { Strike } from './injector.ts';
import type { Blow } from './rule.ts';

/** A request on its way. */
export interface Passage {
  readonly call: Call;
  readonly carryOut: CarryOut;
  /** Carries the call out some milliseconds from now. */
  readonly carryOutLater: (milliseconds: number) => Promise<Answer>;
  readonly requestId: string;
}

/**
 * What a fault makes of a request; undefined when there is nothing to spoil, and then nothing was carried out but reads.
 * Everything but `slow-commit` is done when it returns, so that a request stays atomic.
 */
export function strike({ fault, blow }: Strike, passage: Passage): Delivery | Promise<Delivery> | undefined {
  const { call, carryOut, carryOutLater, requestId } = passage;
  const carryOutIf = (committed: boolean): void => {
    if (committed) carryOut(call);
  };
  const answerError = (status: number, message = STATUS_CODES[status] ?? 'Error'): Delivery =>
    whole(toErrorAnswer(new ApiError(status, message), requestId));
  switch (fault.kind) {
    case 'rate-limit':
      return whole(toTooMany(fault, { wait: blow.wait, now: call.tenant.clock(), requestId }));
    case 'error':
      carryOutIf(fault.committed ?? false);
      return answerError(fault.status ?? 503, fault.message);
    case 'lost-before':
    case 'lost-after':
      carryOutIf(fault.kind === 'lost-after');
      return { kind: 'reset' };
    case 'hang':
      carryOutIf(fault.committed ?? false);
      return { kind: 'silence' };
    case 'slow-commit': {
      const answer = carryOutLater(fault.ms);
      if (fault.answer === 'late') return answer.then(whole);
      return fault.answer === 'timeout' ? answerError(504) : { kind: 'reset' };
    }
    case 'truncate':
      return { kind: 'half', answer: carryOut(call), form: fault.form ?? 'content-length' };
    case 'malformed':
      carryOutIf(fault.committed ?? true);
      return { kind: 'text', ...malformedTexts[fault.form ?? 'html'] };
    case 'endless-pages':
    case 'repeated-token':
    case 'drop-entries': {
      const altered = alterList(fault, blow, passage);
      return altered === undefined ? undefined : whole(altered);
    }
    default:
      return fault satisfies never;
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

/** The Date header tells the sandbox's time too, since a date in Retry-After means nothing without it. */
function toTooMany(
  { retryAfter = 'seconds' }: RateLimitFault,
  { wait, now, requestId }: { readonly wait: number; readonly now: Date; readonly requestId: string },
): Answer {
  const answer = toErrorAnswer(new ApiError(429, 'Too many requests'), requestId);
  // Never earlier than the next token: both forms know whole seconds only.
  const until = new Date(Math.ceil((now.getTime() + wait) / 1_000) * 1_000);
  const headers = {
    seconds: { 'retry-after': String(Math.ceil(wait / 1_000)) },
    date: { 'retry-after': until.toUTCString(), date: now.toUTCString() },
    none: {},
  }[retryAfter];
  return { ...answer, headers };
}

/** Carries a call out; errors are answers too. */
type CarryOut = (call: Call) => Answer;

interface ListPage extends Answer {
  readonly body: readonly unknown[];
}

const tokenHeader = 'elements-next-page-token';
const totalHeader = 'elements-total-count';
const returnedHeader = 'elements-returned-count';

/** The page of a list as the fault leaves it; undefined when there is nothing to spoil. */
function alterList(
  fault: PagingFault | DropEntriesFault,
  blow: Blow,
  { call, carryOut }: { readonly call: Call; readonly carryOut: CarryOut },
): Answer | undefined {
  switch (fault.kind) {
    case 'endless-pages':
      return goOn(call, carryOut);
    case 'repeated-token':
      return repeatToken(call, carryOut(call));
    case 'drop-entries':
      return dropEntries(carryOut(call), fault.count ?? 1, blow.chance);
    default:
      return fault satisfies never;
  }
}

/** After the last page the first comes again, so that no page is ever empty. */
function goOn(call: Call, carryOut: CarryOut): Answer | undefined {
  const asked = carryOut(call);
  const isPastEnd = asked.status === 404 || (Array.isArray(asked.body) && asked.body.length === 0);
  const answer = isPastEnd ? carryOut(toFirstPage(call)) : asked;
  if (!isFilledPage(answer)) return undefined;
  const { [totalHeader]: _total, [returnedHeader]: _returned, ...headers } = answer.headers ?? {};
  const token = toNextToken(call.request.query, call.tenant.quirks);
  return { ...answer, headers: { ...headers, [tokenHeader]: token } };
}

function toFirstPage(call: Call): Call {
  const query = new URLSearchParams(call.request.query);
  query.delete('nextPage');
  return { ...call, request: { ...call.request, query } };
}

/** The first page is left as it is: only the token that was asked with can come again. */
function repeatToken(call: Call, answer: Answer): Answer | undefined {
  const asked = call.request.query.get('nextPage') ?? '';
  if (asked === '' || !isFilledPage(answer)) return undefined;
  return { ...answer, headers: { ...answer.headers, [tokenHeader]: asked } };
}

function dropEntries(answer: Answer, count: number, chance: number): Answer | undefined {
  if (!isFilledPage(answer)) return undefined;
  const { body, headers = {} } = answer;
  const first = Math.floor(chance * body.length);
  const kept = body.filter((_entry, index) => (index - first + body.length) % body.length >= count);
  const told = headers[returnedHeader] === undefined ? {} : { [returnedHeader]: String(kept.length) };
  return { ...answer, body: kept, headers: { ...headers, ...told } };
}

function isFilledPage(answer: Answer): answer is ListPage {
  return answer.status === 200 && Array.isArray(answer.body) && answer.body.length > 0;
}
