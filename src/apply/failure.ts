import type { Failure } from '../model/apply.ts';
import { PlatformError } from '../model/platform.ts';
import { UserError } from '../model/user-error.ts';

/** What a person needs to know of an error. Anything but a UserError is a bug of ours and is thrown on. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof UserError)) throw error;
  const requestId = error instanceof PlatformError ? error.requestId : undefined;
  return {
    code: error.code,
    message: error.message,
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** Whether the platform may have carried the request out although no usable answer came. */
export function isUnclear(error: unknown): boolean {
  return error instanceof PlatformError && error.unclear;
}
