/** A response that is no success. Becomes `{message, requestId[, providerMessage]}` (platform-api §2). */
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
