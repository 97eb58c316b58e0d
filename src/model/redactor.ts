import type { Secret } from './secret.ts';

/**
 * Second line of defense behind the Secret type: removes known secrets from text that others wrote (server messages).
 * Knows plain, base64, base64url, URL-encoded and JSON-escaped forms.
 */
export interface Redactor {
  /** Must be called for every secret as soon as it is read. */
  add(secret: Secret): void;
  /** The text with every known secret replaced by `(secret)`. */
  redact(text: string): string;
}
