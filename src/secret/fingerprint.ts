import { hash as hashOnce, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { ConsentSigner } from '../model/consent.ts';
import { type Digest, type Fingerprinter, makeKeyCommand } from '../model/hashing.ts';
import { revealValue, type Secret } from '../model/secret.ts';
import { UserError } from '../model/user-error.ts';
import { checkBytes, instanceBytes, nameBytes, valueBytes } from '../tags/applied-vector.ts';

/** Where the hashes of a fingerprinter mean something. */
export interface FingerprintPlace {
  readonly workspace: string;
  readonly environment: string;
  /** Host of the platform. */
  readonly host: string;
}

/**
 * Keyed hashes for what was last applied. All of them are base64url.
 * Bound to workspace, environment, host, definition, instance and field, so that equal secrets never look equal in two places. The hash of a
 * name is bound to neither definition nor instance: an instance is found by it after files were renamed.
 * Must be given a key of high entropy: it is expanded with HKDF-SHA-256, which does not slow down guessing.
 */
export function createFingerprinter(secret: Secret, place: FingerprintPlace): Fingerprinter {
  const key = deriveKey(secret, place);
  const sign = openSigner(key);
  let latest = new Map<string, string>();
  const hash = (length: number, ...fields: readonly string[]): string => {
    const text = joinFields(fields);
    const known = latest.get(text);
    if (known !== undefined) return known;
    const signed = cutBase64url(sign(text), length);
    // A map that is cleared is tied to its old content in the engine, and both outlive many collections.
    if (latest.size >= mostLatest) latest = new Map();
    latest.set(text, signed);
    return signed;
  };

  return {
    check: hash(checkBytes, 'check'),
    instance: (id) => hash(instanceBytes, 'instance', id),
    name: (pointer) => hash(nameBytes, 'name', pointer),
    value: (scope, pointer, canonical) => {
      const { key: definition, id } = pointer === '/name' ? unbound : scope;
      return hash(valueBytes, 'value', definition, id, pointer, revealValue(canonical));
    },
    reference: ({ key: definition, id }, pointer, { reference }) =>
      hash(valueBytes, 'reference', definition, id, pointer, reference),
  };
}

/** Whoever compares an instance asks for each of its hashes several times in a row. Few, as what is remembered here outlives what it was made of. */
const mostLatest = 64;

/** The key is derived with a label of its own, so that nothing made for tags can be used here. */
export function createConsentSigner(secret: Secret): ConsentSigner {
  const key = new Uint8Array(hkdfSync('sha256', revealValue(secret), '', 'connectorctl consent v1', 32));
  const sign = openSigner(key);
  const hash = (...fields: readonly string[]): string => cutBase64url(sign(joinFields(fields)), consentBytes);
  return {
    hash,
    isSame: (one, other) => {
      const [a, b] = [Buffer.from(one), Buffer.from(other)];
      return a.length === b.length && timingSafeEqual(a, b);
    },
    settings: (
      connector,
      kind,
      { apiKey, apiSecret, callbackUrl, scope = '', siteAddress = '', further = new Map() },
    ) => {
      const values = [apiKey, apiSecret, callbackUrl, scope, siteAddress].map(revealValue);
      const others = [...further].flatMap(([name, value]) => [name, revealValue(value)]);
      return hash('app', connector.toLowerCase(), kind, ...values, ...others);
    },
  };
}

const consentBytes = 16;

const unbound = { key: '', id: '' };

function deriveKey(secret: Secret, { workspace, environment, host }: FingerprintPlace): Uint8Array {
  // Node.js takes no more than 1024 bytes.
  const info = `connectorctl fingerprint v2 ${sha256Hex(joinFields([workspace, environment, host]))}`;
  return new Uint8Array(hkdfSync('sha256', revealValue(secret), '', info, 32));
}

/** Bytes of a block of SHA-256, and of its result. */
const [blockLength, hashLength] = [64, 32];

/**
 * HMAC-SHA-256 (RFC 2104) of texts under one key of at most 64 bytes, as base64url. By two hashes in one go each: an object for every hash, as
 * `createHmac` makes one, fills the memory of a plan of thousands.
 */
function openSigner(key: Uint8Array): (text: string) => string {
  const outer = Buffer.alloc(blockLength + hashLength, 0x5c);
  let inner = Buffer.alloc(1024, 0x36);
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return (text) => {
    const end = blockLength + Buffer.byteLength(text);
    if (end > inner.length) inner = Buffer.concat([inner.subarray(0, blockLength), Buffer.alloc(2 * end)]);
    inner.write(text, blockLength);
    outer.write(hashOnce('sha256', inner.subarray(0, end), 'binary'), blockLength, 'latin1');
    return hashOnce('sha256', outer, 'base64url');
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The base64url of the first bytes, from that of all. */
function cutBase64url(text: string, bytes: number): string {
  const whole = Math.floor((bytes * 8) / 6);
  const rest = (bytes * 8) % 6;
  if (rest === 0) return text.slice(0, whole);
  const last = alphabet.indexOf(text.charAt(whole)) & (0b11_1111 << (6 - rest));
  return text.slice(0, whole) + alphabet.charAt(last);
}

/** Length-prefixed, so that no two lists of fields give the same text. */
function joinFields(fields: readonly string[]): string {
  let joined = '';
  for (const field of fields) joined += `${Buffer.byteLength(field)}:${field}`;
  return joined;
}

/** Least bytes of a fingerprint key. Whoever reads tags may try keys against them; nobody tries 2^256. */
const leastBytes = 32;

/**
 * Refuses a fingerprint key that can be guessed from tags: one of less than 256 bits, or no hex or base64 at all. An empty one counts as not set.
 * Throws a UserError; the key never stands in it.
 */
export function checkFingerprintKey(key: Secret): void {
  if (key.isEmpty || countBytes(revealValue(key)) >= leastBytes) return;
  throw new UserError('weak-fingerprint-key', `${key.origin} is no random key of 256 bits or more.`, {
    kind: 'invalid',
    hint: `It must be at least 64 hexadecimal digits, or at least 32 bytes as base64: whoever reads the tags of an instance could find a shorter one, or one that a person made up, by trying. Make one, and store it as a secret:\n  ${makeKeyCommand}`,
  });
}

/** How many bytes a text of digits stands for; 0 when it is neither hex nor base64. */
function countBytes(text: string): number {
  // Fewer digits than needed would still be many letters of base64.
  if (/^[0-9a-f]+$/i.test(text)) return Math.floor(text.length / 2);
  const [, digits] = /^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.exec(text) ?? [];
  return digits === undefined ? 0 : Math.floor((digits.length * 3) / 4);
}

/** SHA-256 of UTF-8 text, lower-case hex. */
export const sha256Hex: Digest = (text) => hashOnce('sha256', text, 'hex');
