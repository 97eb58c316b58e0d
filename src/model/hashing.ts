import type { Pointer } from './position.ts';
import type { Secret } from './secret.ts';

/** SHA-256 of UTF-8 text, lower-case hex. */
export type Digest = (text: string) => string;

/** Digits of a digest that people are shown, and that name a plan at least. */
export const shortDigestLength = 12;

/** A digest, or the hash of a commit, as people are shown it. */
export function shortDigest(digest: string): string {
  return digest.slice(0, shortDigestLength);
}

/** Keyed hashes for the applied vector (design §3). */
export interface Fingerprinter {
  /** Check value of the HMAC key. */
  readonly check: string;
  /** Short hash of a field's pointer. */
  name(pointer: Pointer): string;
  /**
   * Truncated HMAC of a canonical value.
   * @param scope key of the definition, so that equal secrets of two instances do not look equal; `/name` is bound to none
   */
  value(scope: string, pointer: Pointer, canonical: Secret | string): string;
}
