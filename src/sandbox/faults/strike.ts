import { STATUS_CODES } from 'node:http';

import { ApiError } from '../api-error.ts';
import { whole } from '../delivery.ts';
import type { Delivery } from '../delivery.ts';
import { toErrorAnswer } from '../error-answer.ts';
import type { Answer, Call } from '../exchange.ts';
import { alterList } from './alter-list.ts';
import type { CarryOut } from './alter-list.ts';
import type { MalformedFault, RateLimitFault } from './fault.ts';
import type { Strike } from './injector.ts';

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
