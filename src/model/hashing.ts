import type { Pointer } from './position.ts';
import type { Secret } from './secret.ts';

/** SHA-256 of UTF-8 text, lower-case hex. */
export type Digest = (text: string) => string;

/** A digest as people are shown it. For eyes only: so few digits prove nothing and are never compared. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** The hash of a commit as GitHub shows it. For eyes only, as a short digest is. */
export function shortCommit(hash: string): string {
  return hash.slice(0, 7);
}

/** Digits of a digest that prove a change where there is no room for all: 128 bits. */
export const provingDigits = 32;

/** The label on a pull request that lets exactly one plan pass. A label holds 50 characters on GitHub: 31 digits, which are 124 bits. */
export function overrideLabel(digest: string): string {
  return `connectorctl-apply:${digest.slice(0, 31)}`;
}

/** Prints a fingerprint key of 256 bits. */
export const makeKeyCommand = 'openssl rand -hex 32';

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
  /** Truncated HMAC of what the definition says in place of a secret, which is known without its value. Never like that of a value. */
  reference(scope: HashScope, pointer: Pointer, secret: Secret): string;
}
