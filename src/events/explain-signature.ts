import { createHmac, timingSafeEqual } from 'node:crypto';
import { type SignatureProblem, verifySignature } from './events.ts';

/** What somebody did to the body on its way; the signature is of the body as it was before. */
export type BodyCause =
  | 'line-end-added'
  | 'line-end-removed'
  | 'line-ends-changed'
  | 'mark-added'
  | 'encoded-again'
  | 'charset-changed';

/** What is wrong with the key; the signature was made with the key as it should be. */
export type KeyCause = 'key-line-end' | 'key-blanks' | 'key-encoded';

/** What is wrong with the header; what stands in it is the right signature. */
export type HeaderCause = 'no-prefix' | 'hexadecimal' | 'base64url' | 'other-prefix' | 'sha1-matches';

export type SignatureCause = BodyCause | KeyCause | HeaderCause;

/** How a signature compares with the body and the key that it is said to be of. */
export interface SignatureVerdict {
  readonly problem: SignatureProblem | undefined;
  /** With which changes it would be right; several when only all together do. Empty: nobody knows, or all is right. */
  readonly causes: readonly SignatureCause[];
}

interface Claim {
  readonly body: Uint8Array;
  /** As a file or a log holds it, the name of the header in front or not; undefined: there was none. */
  readonly header: string | undefined;
  readonly key: string;
}

/**
 * Checks a signature, and finds out what would make it right: on the side of the body, of the key or of the header.
 * Tries what happens in practice, each alone and with the others. Must never serve to accept a signature: only `verifySignature` says whether it is right.
 */
export function explainSignature({ body, header, key }: Claim): SignatureVerdict {
  const lines = headerValues(header);
  const value = lines.length === 1 ? lines[0] : lines;
  const check = verifySignature(body, value, key);
  if (check.ok) return { problem: undefined, causes: [] };
  const { problem } = check;
  if (typeof value !== 'string' || problem === 'missing' || problem === 'repeated' || problem === 'no-key') {
    return { problem, causes: [] };
  }
  return { problem, causes: findCauses({ body, key, value }) };
}

/** The values of the signature in a file: the value alone, or lines of headers. */
function headerValues(text: string | undefined): readonly string[] {
  const lines = (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const named = lines.flatMap((line) => /^\s*elements-webhook-signature\s*:(.*)$/i.exec(line)?.[1]?.trim() ?? []);
  // A file of headers without a signature is not one of values.
  if (named.length > 0 || lines.some((line) => /^[\w-]+\s*:\s/.test(line))) return named;
  return lines.map((line) => line.trim());
}

interface Variant<Name> {
  readonly cause: Name | undefined;
  readonly value: Uint8Array;
}

/** The fewest changes with which it would be right. */
function findCauses({ body, key, value }: ReceivedSignature): readonly SignatureCause[] {
  const keys = listKeys(key);
  const bodies = body.length > longestTried ? [{ cause: undefined, value: body }] : listBodies(body);
  const found = listHeaderForms(value).flatMap((form) =>
    keys.flatMap((aKey) =>
      bodies
        .filter((aBody) => isOf(form.digest, createHmac(form.algorithm, aKey.value).update(aBody.value).digest()))
        .map((aBody) => [form.cause, aKey.cause, aBody.cause].filter((cause) => cause !== undefined)),
    ),
  );
  return found.toSorted((one, other) => one.length - other.length)[0] ?? [];
}

interface ReceivedSignature {
  readonly body: Uint8Array;
  readonly key: string;
  /** Of the header. */
  readonly value: string;
}

/** Bytes: with a longer body, each of some hundred tries takes long. */
const longestTried = 1024 * 1024;

function isOf(given: Uint8Array, made: Uint8Array): boolean {
  return given.length === made.length && timingSafeEqual(given, made);
}

interface HeaderForm {
  readonly cause: HeaderCause | undefined;
  readonly digest: Uint8Array;
  readonly algorithm: 'sha256' | 'sha1';
}

function listHeaderForms(value: string): readonly HeaderForm[] {
  const [, prefix = '', text = ''] = /^(?:([\w-]+)=)?(.*)$/s.exec(value.trim()) ?? [];
  const algorithm = 'sha256';
  if (/^sha1$/i.test(prefix)) {
    const digest = Buffer.from(text, 'base64');
    return [
      { cause: 'sha1-matches', digest, algorithm: 'sha1' },
      { cause: 'other-prefix', digest, algorithm },
    ];
  }
  const unnamed = prefix === '' ? 'no-prefix' : prefix === 'sha256' ? undefined : 'other-prefix';
  if (/^[0-9a-f]{64}$/i.test(text)) return [{ cause: 'hexadecimal', digest: Buffer.from(text, 'hex'), algorithm }];
  const isUrl = /[-_]/.test(text) || (text.length === 43 && !text.endsWith('='));
  return [{ cause: isUrl ? 'base64url' : unnamed, digest: Buffer.from(text, 'base64'), algorithm }];
}

function listKeys(key: string): readonly Variant<KeyCause>[] {
  const trimmed = key.trim();
  return [
    { cause: undefined, value: Buffer.from(key) },
    ...(/[\r\n]$/.test(key)
      ? [{ cause: 'key-line-end' as const, value: Buffer.from(key.replace(/\r?\n$/, '')) }]
      : [{ cause: 'key-line-end' as const, value: Buffer.from(`${key}\n`) }]),
    ...(trimmed === key ? [] : [{ cause: 'key-blanks' as const, value: Buffer.from(trimmed) }]),
    ...(/^(?:[0-9a-f]{2})+$/i.test(trimmed)
      ? [{ cause: 'key-encoded' as const, value: Buffer.from(trimmed, 'hex') }]
      : []),
    ...(/^[A-Za-z0-9+/]{4,}={0,2}$/.test(trimmed)
      ? [{ cause: 'key-encoded' as const, value: Buffer.from(trimmed, 'base64') }]
      : []),
  ];
}

/** The body as it may have been before. */
function listBodies(body: Uint8Array): readonly Variant<BodyCause>[] {
  const text = Buffer.from(body).toString();
  const of = (cause: BodyCause, ...texts: readonly string[]): readonly Variant<BodyCause>[] =>
    texts.filter((one) => one !== text).map((one) => ({ cause, value: Buffer.from(one) }));
  const isUtf8 = Buffer.from(text).equals(body);
  return [
    { cause: undefined, value: body },
    ...of('line-end-added', text.replace(/\r?\n$/, ''), text.replace(/[\r\n]+$/, '')),
    ...of('line-end-removed', `${text}\n`, `${text}\r\n`),
    ...of('line-ends-changed', text.replaceAll('\r\n', '\n'), text.replaceAll(/\r?\n/g, '\r\n')),
    ...of('mark-added', text.replace(/^\ufeff/, '')),
    ...(isUtf8
      ? of('charset-changed', Buffer.from(text, 'latin1').toString())
      : of('charset-changed', Buffer.from(body).toString('latin1'))),
    ...of('encoded-again', ...listEncodings(text)),
  ];
}

/** JSON in the forms in which common programs write it: the platform's own is compact, and its samples are indented. */
function listEncodings(text: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const written = [0, 1, 2, 4].map((indent) => JSON.stringify(value, undefined, indent));
  // A line feed in a text is escaped, so that these are all between values.
  const spaced = JSON.stringify(value, undefined, 1)
    .replaceAll(/,\n\s*/g, ', ')
    .replaceAll(/\n\s*/g, '');
  const forms = [...written, spaced];
  return [
    ...forms,
    ...forms.map((form) => form.replaceAll(/[\u0080-\uffff]/g, escapeUnit)),
    ...forms.map((form) => form.replaceAll('/', String.raw`\/`)),
  ];
}

function escapeUnit(unit: string): string {
  return String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0');
}
