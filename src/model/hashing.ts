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

/** Whose value is hashed. */
export interface HashScope {
  /** Key of the definition. */
  readonly key: string;
  /** Id of the instance; empty while nobody knows it. */
  readonly id: string;
}

/** Keyed hashes for the applied vector (design §3), bound to one environment of one workspace on one host. */
export interface Fingerprinter {
  /** Check value of the HMAC key. */
  readonly check: string;
  /** Hash of an instance's id, which tells for which instance a vector was written. */
  instance(id: string): string;
  /** Short hash of a field's pointer. */
  name(pointer: Pointer): string;
  /**
   * Truncated HMAC of a canonical value.
   * @param scope equal values of two scopes do not look equal; `/name` is bound to none, so that an instance is found by it
   */
  value(scope: HashScope, pointer: Pointer, canonical: Secret | string): string;
}
