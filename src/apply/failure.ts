import type { Failure } from '../model/apply.ts';
import { PlatformError } from '../model/platform.ts';
import { UserError } from '../model/user-error.ts';

/** For a refusal that brings no next step of its own. */
const defaultHint = 'Nothing else was stopped by it. Put right what it names, then apply again:\n  connectorctl apply';

/** What a person needs to know of an error, always with a next step. Anything but a UserError is a bug of ours and is thrown on. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof UserError)) throw error;
  const requestId = error instanceof PlatformError ? error.requestId : undefined;
  return {
    code: error.code,
    message: error.message,
    ...(requestId === undefined ? {} : { requestId }),
    hint: error.hint ?? defaultHint,
  };
}

/** Whether the platform may have carried the request out although no usable answer came. */
export function isUnclear(error: unknown): error is PlatformError {
  return error instanceof PlatformError && (error.unclear || isGivenUp(error));
}

/** 408 and 499 come from servers and proxies that stopped waiting, which says nothing about what goes on behind them. */
function isGivenUp({ status }: PlatformError): boolean {
  return status === 408 || status === 499;
}

/**
 * Whether a refusal proves that nothing was done. A page of something in between does not: it may have taken the place of the answer.
 * Nor does 409, which may speak of what the very request did (platform-api §3 knows no other reason for one).
 */
export function isProven(error: PlatformError): boolean {
  const { status, requestId } = error;
  return !isUnclear(error) && (status === undefined || (status !== 409 && requestId !== undefined));
}
