import type { Answer } from './exchange.ts';

/** An answer that is no success. Becomes `{message, requestId[, providerMessage]}` (platform-api §2). */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  /** What the provider behind the instance said, when it was the provider that refused. */
  readonly providerMessage: string | undefined;

  constructor(status: number, message: string, providerMessage?: string) {
    super(message);
    this.status = status;
    this.providerMessage = providerMessage;
  }
}

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
