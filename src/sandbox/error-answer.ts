import { ApiError } from './api-error.ts';
import type { Answer } from './exchange.ts';

/** The answer for whatever was thrown. Bugs of the sandbox become a 500 that shows them: its users are its testers. */
export function toErrorAnswer(error: unknown, requestId: string): Answer {
  const known =
    error instanceof ApiError ? error : new ApiError(500, error instanceof Error ? error.message : String(error));
  return {
    status: known.status,
    body: {
      message: known.message,
      requestId,
      ...(known.providerMessage === undefined ? {} : { providerMessage: known.providerMessage }),
    },
  };
}
