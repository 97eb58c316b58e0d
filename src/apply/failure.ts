import type { Failure, FoundFailure } from '../model/apply.ts';
import { PlatformError } from '../model/platform.ts';
import { UserError } from '../model/user-error.ts';

interface ChangeErrorOptions {
  /** True: the platform may have done it all the same. */
  readonly unclear?: boolean;
  readonly cause?: unknown;
}

/** Stops one change because of what apply itself found. Holds a code and facts, and no words. */
export class ChangeError extends Error {
  override name = 'ChangeError';
  readonly failure: FoundFailure;
  readonly unclear: boolean;

  constructor(failure: FoundFailure, { unclear = false, cause }: ChangeErrorOptions = {}) {
    super(failure.code, { cause });
    this.failure = failure;
    this.unclear = unclear;
  }
}

/** Why a change failed. Anything but a ChangeError or a UserError is a bug of ours and is thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ChangeError) return error.failure;
  const { code, message, hint } = expectUserError(error);
  return { code, message, hint, requestId: requestIdOf(error) };
}

/** The words of a refusal from outside, as an argument of a failure. Anything but a UserError is thrown on. */
export function messageOf(error: unknown): string {
  return expectUserError(error).message;
}

export function requestIdOf(error: unknown): string | undefined {
  return error instanceof PlatformError ? error.requestId : undefined;
}

function expectUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

/** Whether the platform may have carried the request out although no usable answer came. */
export function isUnclear(error: unknown): boolean {
  if (error instanceof PlatformError) return error.unclear || isGivenUp(error);
  return error instanceof ChangeError && error.unclear;
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
