/**
 * What kind of result an error is. The exit code follows from it (`operation/result.ts`):
 * `failed` 1, `invalid` 3, `refused` 6.
 */
type ErrorKind = 'failed' | 'invalid' | 'refused';

export interface UserErrorOptions {
  readonly kind?: ErrorKind | undefined;
  /** The next step, in a sentence; a command to copy stands alone on its line. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Something outside refused: a wrong secret, an unreachable host, a stale plan.
 * Thrown, and caught once, at the edge. The message never holds a secret.
 */
export class UserError extends Error {
  override name = 'UserError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: UserErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = options.kind ?? 'failed';
    this.hint = options.hint;
  }
}
