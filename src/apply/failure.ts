import type { Failure, FoundFailure } from '../model/apply.ts';
import { PlatformError } from '../model/platform.ts';
import type { ApplyPorts } from './apply-ports.ts';
import { UserError } from '../model/user-error.ts';
import type { CreateRequest, WorkItem } from '../model/work.ts';

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

/**
 * Why a change failed. Anything but a ChangeError or a UserError is a fault of ours: it ends this change, as the others must go on,
 * and nobody knows what it had sent. Its own message is never shown, as it may quote a secret.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof ChangeError) return error.failure;
  if (!(error instanceof UserError)) return { code: 'own-fault', fault: nameOf(error) };
  const { code, message, hint } = error;
  return { code, message, hint, requestId: requestIdOf(error) };
}

/** Tells of a fault of ours, so that it can be reported with all that is known of it. */
export function reportFault(error: unknown, { onFault }: Pick<ApplyPorts, 'onFault'>): void {
  if (!(error instanceof ChangeError) && !(error instanceof UserError)) onFault?.(error);
}

/** The words of a refusal from outside, as an argument of a failure; the name alone of a fault of ours. */
export function messageOf(error: unknown): string {
  return error instanceof UserError ? error.message : `${nameOf(error)} in connectorctl.`;
}

/** `TypeError`. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** What is used once only, in `providerData`. */
const singleUse = ['code', 'oauth_verifier'] as const;

/** What providers say of a grant that was used before, or is too old (RFC 6749 §5.2: `invalid_grant`). */
const refusedGrant =
  /invalid[_ ]grant|(?:\bcode\b|verifier|\bgrant\b).*(?:expired|invalid|used|redeemed)|(?:expired|invalid|used|redeemed).*(?:\bcode\b|verifier|\bgrant\b)/i;

/** The refusal as one of the grant, where that is what was refused: nothing but a new one helps. Undefined otherwise. */
export function grantRefusal(
  error: unknown,
  { item, providerData }: { readonly item: WorkItem; readonly providerData: CreateRequest['providerData'] },
): ChangeError | undefined {
  if (!(error instanceof PlatformError) || isUnclear(error)) return undefined;
  const { status = 0, message } = error;
  const isRefusal = status >= 400 && status < 500 && refusedGrant.test(message);
  if (!isRefusal || !singleUse.some((name) => providerData.has(name))) return undefined;
  const { key, id } = item;
  return new ChangeError(
    { code: 'grant-refused', key, id, answer: message, requestId: requestIdOf(error) },
    { cause: error },
  );
}

export function requestIdOf(error: unknown): string | undefined {
  return error instanceof PlatformError ? error.requestId : undefined;
}

/** Whether the platform may have carried the request out although no usable answer came. */
export function isUnclear(error: unknown): boolean {
  if (error instanceof PlatformError) return error.unclear || isGivenUp(error);
  return error instanceof ChangeError ? error.unclear : !(error instanceof UserError);
}

/** 408 and 499 come from servers and proxies that stopped waiting, which says nothing about what goes on behind them. */
function isGivenUp({ status }: PlatformError): boolean {
  return status === 408 || status === 499;
}

/**
 * Whether a refusal proves that nothing was done. A page of something in between does not: it may have taken the place of the answer.
 * Nor does a status below 400, which is no refusal: 303 follows what was done. Nor does 409, which may speak of what the very request did (platform-api §3 knows no other reason for one).
 */
export function isProven(error: PlatformError): boolean {
  const { status, requestId } = error;
  if (isUnclear(error)) return false;
  if (status === undefined) return true;
  return status >= 400 && status !== 409 && requestId !== undefined;
}
