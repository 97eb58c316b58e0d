import { createHmac, hkdfSync } from 'node:crypto';
import type { Fingerprinter } from '../model/hashing.ts';
import { revealValue } from '../model/secret.ts';
import type { Secret } from '../model/secret.ts';

/** Bytes that tell one HMAC key from another: two keys look alike once in 2^32. */
export const checkBytes = 4;

/**
 * Bytes of a field name's hash. Names are looked up within one instance only: with 40 declared keys
 * two of them share a hash with odds of 780 / 2^32, about 1 in 5 million.
 */
export const nameBytes = 4;

/** Bytes of a value's hash: a changed value passes for unchanged once in 2^64. */
export const valueBytes = 8;

export interface FingerprinterOptions {
  /** `CONNECTORCTL_FINGERPRINT_KEY`. An empty one counts as not set. */
  readonly key?: Secret;
  /** The key is derived from it when none is set. */
  readonly organizationSecret: Secret;
  readonly workspace: string;
}

/**
 * Keyed hashes for what was last applied. All of them are base64url.
 * Bound to the workspace, the definition and the field, so that equal secrets never look equal in two places.
 * Must be given a key of high entropy: it is expanded with HKDF-SHA-256, which does not slow down guessing.
 */
export function createFingerprinter(options: FingerprinterOptions): Fingerprinter {
  const key = deriveKey(options);
  const hash = (length: number, ...fields: readonly string[]): string =>
    createHmac('sha256', key).update(joinFields(fields)).digest().subarray(0, length).toString('base64url');

  return {
    check: hash(checkBytes, 'check'),
    name: (pointer) => hash(nameBytes, 'name', pointer),
    value: (scope, pointer, canonical) => hash(valueBytes, 'value', scope, pointer, revealValue(canonical)),
  };
}

function deriveKey({ key, organizationSecret, workspace }: FingerprinterOptions): Uint8Array {
  const secret = key === undefined || key.isEmpty ? organizationSecret : key;
  return new Uint8Array(hkdfSync('sha256', revealValue(secret), '', `connectorctl fingerprint v1 ${workspace}`, 32));
}

/** Length-prefixed, so that no two lists of fields give the same text. */
function joinFields(fields: readonly string[]): string {
  return fields.map((field) => `${Buffer.byteLength(field)}:${field}`).join('');
}
