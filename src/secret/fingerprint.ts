import { checkBytes, nameBytes, valueBytes } from '../tags/applied-vector.ts';
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Digest, Fingerprinter } from '../model/hashing.ts';
import { revealValue, type Secret } from '../model/secret.ts';

interface FingerprinterOptions {
  /** `CONNECTORCTL_FINGERPRINT_KEY`. An empty one counts as not set. */
  readonly key?: Secret | undefined;
  /** The key is derived from it when none is set. */
  readonly organizationSecret: Secret;
  readonly workspace: string;
}

/**
 * Keyed hashes for what was last applied. All of them are base64url.
 * Bound to the workspace, the definition and the field, so that equal secrets never look equal in two places. A name is no secret,
 * and is bound to no definition: an instance is found by it after files were renamed.
 * Must be given a key of high entropy: it is expanded with HKDF-SHA-256, which does not slow down guessing.
 */
export function createFingerprinter(options: FingerprinterOptions): Fingerprinter {
  const key = deriveKey(options);
  const hash = (length: number, ...fields: readonly string[]): string =>
    createHmac('sha256', key).update(joinFields(fields)).digest().subarray(0, length).toString('base64url');

  return {
    check: hash(checkBytes, 'check'),
    name: (pointer) => hash(nameBytes, 'name', pointer),
    value: (scope, pointer, canonical) =>
      hash(valueBytes, 'value', pointer === '/name' ? '' : scope, pointer, revealValue(canonical)),
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

/** SHA-256 of UTF-8 text, lower-case hex. */
export const sha256Hex: Digest = (text) => createHash('sha256').update(text, 'utf8').digest('hex');
