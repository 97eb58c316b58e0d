import { hash } from 'node:crypto';
import type { AppliedTags, AppliedEntry, AppliedVector, FormerNames } from '../model/live.ts';
import { type ByteWriter, openByteWriter } from './byte-writer.ts';
import { appliedPrefix, isAppliedTag } from './owner-tags.ts';

/** Longest tag that is written by default. The platform documents no limit (platform-api §16.9). */
export const defaultMaxTagLength = 255;

/** Shortest limit that leaves room for content beside the longest head. */
export const minMaxTagLength = 64;

/** Bytes that tell one HMAC key from another: two keys look alike once in 2^32. */
export const checkBytes = 4;

/**
 * Bytes of a field name's hash. Names are looked up within one instance only: with 40 declared keys
 * two of them share a hash with odds of 780 / 2^32, about 1 in 5 million.
 */
export const nameBytes = 4;

/** Bytes of the hash of a value, or of a reference: a changed one looks unchanged once in 2^64. */
export const valueBytes = 8;

/** Bytes of the hash of the instance's id. */
export const instanceBytes = 8;

const format = '3';
/** How every tag of the vector begins. */
const partPrefix = `${appliedPrefix}${format}/`;
const headLength = `${partPrefix}0000.0000/`.length;

/** Bytes of the checksum, which is not keyed: it detects accidental damage, and does not stop anybody who wants to forge a vector. */
export const checksumBytes = 4;

/** Before each group: one byte for the layout, two for how many entries follow. */
const headBytes = 3;
const partPattern = new RegExp(String.raw`^${partPrefix}([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})/([A-Za-z0-9_-]+)$`);

/** Entries are grouped by what they hold, so that what an entry lacks costs no space. The code precedes each group. */
const layouts: readonly Layout[] = [
  { code: 0, value: false, echo: false, assumed: false, secret: false, composed: false, reference: false },
  { code: 1, value: true, echo: false, assumed: false, secret: false, composed: false, reference: false },
  { code: 3, value: true, echo: true, assumed: false, secret: false, composed: false, reference: false },
  { code: 4, value: false, echo: false, assumed: false, secret: true, composed: false, reference: false },
  { code: 5, value: true, echo: false, assumed: false, secret: true, composed: false, reference: false },
  { code: 6, value: true, echo: false, assumed: false, secret: true, composed: true, reference: false },
  { code: 7, value: true, echo: true, assumed: false, secret: true, composed: false, reference: false },
  { code: 8, value: true, echo: true, assumed: false, secret: true, composed: true, reference: false },
  { code: 9, value: true, echo: false, assumed: true, secret: false, composed: false, reference: false },
  { code: 13, value: true, echo: false, assumed: true, secret: true, composed: false, reference: false },
  { code: 14, value: true, echo: false, assumed: true, secret: true, composed: true, reference: false },
  { code: 21, value: true, echo: false, assumed: false, secret: true, composed: false, reference: true },
  { code: 22, value: true, echo: false, assumed: false, secret: true, composed: true, reference: true },
  { code: 23, value: true, echo: true, assumed: false, secret: true, composed: false, reference: true },
  { code: 24, value: true, echo: true, assumed: false, secret: true, composed: true, reference: true },
  { code: 29, value: true, echo: false, assumed: true, secret: true, composed: false, reference: true },
  { code: 30, value: true, echo: false, assumed: true, secret: true, composed: true, reference: true },
];

/** Which parts the entries of a group have. */
interface Layout {
  readonly code: number;
  readonly value: boolean;
  readonly echo: boolean;
  readonly assumed: boolean;
  readonly secret: boolean;
  readonly composed: boolean;
  readonly reference: boolean;
}

/** Code of a group of names that were hashed with a former HMAC key, of which the check value follows. */
const formerCode = 16;

/** Says whether the hash of the instance's id follows: nobody knows the id before the instance is made. */
const binding = { none: 0, instance: 1 } as const;

/**
 * The vector as tags: `connectorctl-applied/3/<part>.<parts>/<base64url>`, made of `A-Z a-z 0-9 _ - / .` only,
 * so that HTML stripping does not change them. Each names its position, so that their order does not matter.
 * Equal vectors give equal tags. Throws a RangeError when the limit is too small.
 */
export function encodeApplied(vector: AppliedVector, maxTagLength: number = defaultMaxTagLength): readonly string[] {
  if (maxTagLength < minMaxTagLength) throw new RangeError(`A tag needs at least ${minMaxTagLength} characters.`);

  const payload = encodePayload(vector);
  const text = Buffer.concat([payload, checksum(payload)]).toString('base64url');
  const room = maxTagLength - headLength;
  const count = Math.ceil(text.length / room);
  return Array.from({ length: count }, (_, index) => {
    const chunk = text.slice(index * room, (index + 1) * room);
    return `${partPrefix}${index + 1}.${count}/${chunk}`;
  });
}

/**
 * Reads the vector from an instance's tags, in whatever order they are and whatever is between them.
 * Undefined when there is none, `damaged` when a part is lost, changed or of an unknown format.
 */
export function decodeApplied(tags: readonly string[]): AppliedTags {
  const parts = new Set(tags.filter(isAppliedTag));
  if (parts.size === 0) return undefined;

  const text = joinParts([...parts]);
  const bytes = text === undefined ? undefined : decodeBase64url(text);
  if (bytes === undefined || bytes.length < checksumBytes) return 'damaged';

  const payload = bytes.subarray(0, -checksumBytes);
  if (!checksum(payload).equals(bytes.subarray(-checksumBytes))) return 'damaged';
  return decodePayload(payload) ?? 'damaged';
}

function joinParts(tags: readonly string[]): string | undefined {
  const chunks = new Map<number, string>();
  for (const tag of tags) {
    const [, part, total, chunk] = partPattern.exec(tag) ?? [];
    if (chunk === undefined || Number(total) !== tags.length || Number(part) > tags.length) return undefined;
    chunks.set(Number(part), chunk);
  }
  // Every part is within 1 to total, so that as many parts as tags means that each is there once.
  if (chunks.size !== tags.length) return undefined;
  return tags.map((_, index) => chunks.get(index + 1) ?? '').join('');
}

function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // The decoder ignores unused bits; changing them is damage all the same.
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function checksum(payload: Uint8Array): Buffer {
  return hash('sha256', payload, 'buffer').subarray(0, checksumBytes);
}

function encodePayload({ check, instance, entries, former = [] }: AppliedVector): Buffer {
  const groups = groupByLayout(entries);
  const names = former.reduce((count, { names: one }) => count + one.length, 0);
  const most = checkBytes + 1 + instanceBytes + groups.length * headBytes + entries.size * largestEntry;
  const writing = openByteWriter(most + former.length * (headBytes + checkBytes) + names * nameBytes);
  writing.hash(check, checkBytes);
  writing.byte(instance === undefined ? binding.none : binding.instance);
  if (instance !== undefined) writing.hash(instance, instanceBytes);
  for (const { layout, members } of groups) {
    writing.byte(layout.code);
    writing.count(members.length);
    for (const [name, entry] of members) writeEntry(writing, name, { entry, layout });
  }
  for (const one of former) writeFormer(writing, one);
  return writing.end();
}

interface LayoutGroup {
  readonly layout: Layout;
  readonly members: (readonly [name: string, entry: AppliedEntry])[];
}

/** In the order of the layouts, and each sorted by name; groups without members are left out. */
function groupByLayout(entries: AppliedVector['entries']): readonly LayoutGroup[] {
  const groups = layouts.map((layout): LayoutGroup => ({ layout, members: [] }));
  for (const member of [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    groups[placeByShape.get(shapeOfEntry(member[1])) ?? -1]?.members.push(member);
  }
  return groups.filter(({ members }) => members.length > 0);
}

/** What an entry or a layout has, as one number. */
function shapeOf({ value, echo, assumed, secret, composed, reference }: Omit<Layout, 'code'>): number {
  return (
    Number(value) +
    2 * Number(echo) +
    4 * Number(assumed) +
    8 * Number(secret) +
    16 * Number(composed) +
    32 * Number(reference)
  );
}

const placeByShape: ReadonlyMap<number, number> = new Map(layouts.map((layout, place) => [shapeOf(layout), place]));

/** An empty value means that it is not known. Nothing is assumed of it then, as of a value that came back different. */
function shapeOfEntry({ value, echo, assumed, secret, composed, reference }: AppliedEntry): number {
  const isKnown = value !== '';
  const hasEcho = isKnown && echo !== undefined;
  const isSecret = secret ?? false;
  return shapeOf({
    value: isKnown,
    echo: hasEcho,
    assumed: isKnown && !hasEcho && (assumed ?? false),
    secret: isSecret,
    composed: isKnown && isSecret && (composed ?? false),
    reference: isKnown && isSecret && reference !== undefined,
  });
}

/** Bytes of an entry that has everything. */
const largestEntry = nameBytes + 3 * valueBytes;

function writeFormer(writing: ByteWriter, { check, names }: FormerNames): void {
  if (names.length === 0) return;
  writing.byte(formerCode);
  writing.count(names.length);
  writing.hash(check, checkBytes);
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) writing.hash(name, nameBytes);
}

function writeEntry(
  writing: ByteWriter,
  name: string,
  { entry, layout }: { readonly entry: AppliedEntry; readonly layout: Layout },
): void {
  writing.hash(name, nameBytes);
  if (layout.value) writing.hash(entry.value, valueBytes);
  if (layout.echo) writing.hash(entry.echo ?? '', valueBytes);
  if (layout.reference) writing.hash(entry.reference ?? '', valueBytes);
}

/** What is not there takes no room: of ten thousand instances a hundred thousand of these are kept. */
function toEntry(
  { assumed, secret, composed }: Layout,
  { value, echo, reference }: Pick<AppliedEntry, 'value' | 'echo' | 'reference'>,
): AppliedEntry {
  const entry: { -readonly [Name in keyof AppliedEntry]: AppliedEntry[Name] } = { value };
  if (echo !== undefined) entry.echo = echo;
  if (assumed) entry.assumed = true;
  if (secret) entry.secret = true;
  if (composed) entry.composed = true;
  if (reference !== undefined) entry.reference = reference;
  return entry;
}

function decodePayload(payload: Buffer): AppliedVector | undefined {
  let at = 0;
  const take = (length: number): Buffer => payload.subarray(at, (at += length));
  const takeHash = (length: number): string => payload.toString('base64url', at, (at += length));

  const check = takeHash(checkBytes);
  const bound = take(1)[0];
  if (bound !== binding.none && bound !== binding.instance) return undefined;
  const instance = bound === binding.instance ? takeHash(instanceBytes) : undefined;
  const entries = new Map<string, AppliedEntry>();
  const former: FormerNames[] = [];
  while (at < payload.length) {
    const head = take(headBytes);
    if (head.length < headBytes) return undefined;
    const count = head.readUInt16BE(1);
    if (head[0] === formerCode) {
      const formerCheck = takeHash(checkBytes);
      if (payload.length - at < count * nameBytes) return undefined;
      former.push({ check: formerCheck, names: Array.from({ length: count }, () => takeHash(nameBytes)) });
      continue;
    }
    const layout = layouts.find(({ code }) => code === head[0]);
    if (layout === undefined) return undefined;
    for (let left = count; left > 0 && at < payload.length; left -= 1) {
      const name = takeHash(nameBytes);
      const value = layout.value ? takeHash(valueBytes) : '';
      const echo = layout.echo ? takeHash(valueBytes) : undefined;
      const reference = layout.reference ? takeHash(valueBytes) : undefined;
      entries.set(name, toEntry(layout, { value, echo, reference }));
    }
  }
  if (at !== payload.length) return undefined;
  return { check, instance, entries, former: former.length === 0 ? undefined : former };
}
