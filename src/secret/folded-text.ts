/**
 * A text of which only letters and digits are left, without their case: what wrapping, quoting, breaking over lines and most encodings leave as it is.
 * Kept as bytes of UTF-8, a code unit at a time, so that `%c3%a4`, `ä` and `ä` are the same.
 */
export interface FoldedText {
  readonly bytes: Uint8Array;
  /** Where each byte came from in the text: index of its first code unit, and of the one behind its last. */
  readonly start: Uint32Array;
  readonly end: Uint32Array;
}

const [percent, backslash, ampersand] = [0x25, 0x5c, 0x26];

/** Deepest nesting of escapes that is undone: JSON in JSON in a URL. */
const deepest = 4;

/** The text folded as it is, and once more for each layer of percent signs, backslashes and entities that can be undone. */
export function* foldLayers(text: string): Generator<FoldedText, void> {
  yield fold(toBytes(text));
  for (const layer of undoneLayers(text)) yield fold(layer);
}

/** The text with one layer of these undone, two, and so on; nothing is folded. */
export function* undoneLayers(text: string): Generator<FoldedText, void> {
  if (!mayBeEscaped.test(text)) return;
  let layer = toBytes(text);
  for (let depth = 0; depth < deepest; depth += 1) {
    const next = unescape(layer);
    if (next === undefined) return;
    layer = next;
    yield layer;
  }
}

const mayBeEscaped = /[%\\&]/;

/** The bytes of the first layer alone, without where they came from. */
export function foldedBytes(text: string): Uint8Array {
  if (!isAscii(text)) return fold(toBytes(text)).bytes;
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const kept = foldByte(text.charCodeAt(at));
    if (kept !== 0) bytes[length++] = kept;
  }
  return bytes.subarray(0, length);
}

/** What a code unit of a text without escapes adds to its only layer: a byte, 0 for nothing. Undefined: the text has to be folded in full. */
export function foldPlainUnit(unit: number): number | undefined {
  const mayBeMore = unit >= 0x80 || unit === percent || unit === backslash || unit === ampersand;
  return mayBeMore ? undefined : foldByte(unit);
}

function allocate(length: number): { bytes: Uint8Array; start: Uint32Array; end: Uint32Array } {
  return { bytes: new Uint8Array(length), start: new Uint32Array(length), end: new Uint32Array(length) };
}

function cut({ bytes, start, end }: FoldedText, length: number): FoldedText {
  return { bytes: bytes.subarray(0, length), start: start.subarray(0, length), end: end.subarray(0, length) };
}

function toBytes(text: string): FoldedText {
  const all = allocate(isAscii(text) ? text.length : text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    length = putUnit(all, length, unit, at, at + 1);
  }
  return cut(all, length);
}

const ascii = /^[\0-\x7f]*$/;

export function isAscii(text: string): boolean {
  return ascii.test(text);
}

/** Writes the bytes of a code unit, and answers the new length. */
function putUnit(all: FoldedText, at: number, unit: number, start: number, end: number): number {
  if (unit < 0x80) return putByte(all, at, unit, start, end);
  const next =
    unit < 0x8_00
      ? putByte(all, at, 0xc0 | (unit >> 6), start, end)
      : putByte(all, putByte(all, at, 0xe0 | (unit >> 12), start, end), 0x80 | ((unit >> 6) & 0x3f), start, end);
  return putByte(all, next, 0x80 | (unit & 0x3f), start, end);
}

function putByte(all: FoldedText, at: number, byte: number, start: number, end: number): number {
  all.bytes[at] = byte;
  all.start[at] = start;
  all.end[at] = end;
  return at + 1;
}

function fold(layer: FoldedText): FoldedText {
  const folded = allocate(layer.bytes.length);
  let length = 0;
  for (let at = 0; at < layer.bytes.length; at += 1) {
    const kept = foldByte(layer.bytes[at] ?? 0);
    if (kept === 0) continue;
    folded.bytes[length] = kept;
    folded.start[length] = layer.start[at] ?? 0;
    folded.end[length] = layer.end[at] ?? 0;
    length += 1;
  }
  return cut(folded, length);
}

/** 0: not kept. */
function foldByte(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  const isKept = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte >= 0x80;
  return isKept ? byte : 0;
}

/** One layer of escapes less; undefined when there is none. */
function unescape(layer: FoldedText): FoldedText | undefined {
  const { bytes } = layer;
  if (!bytes.includes(percent) && !bytes.includes(backslash) && !bytes.includes(ampersand)) return undefined;
  const next = allocate(bytes.length);
  let [length, isChanged] = [0, false];
  for (let at = 0; at < bytes.length;) {
    const found = readEscape(bytes, at);
    const width = found?.width ?? 1;
    isChanged ||= found !== undefined;
    const [start, end] = [layer.start[at] ?? 0, layer.end[at + width - 1] ?? 0];
    if (found?.unit !== undefined) length = putUnit(next, length, found.unit, start, end);
    else length = putByte(next, length, found?.byte ?? bytes[at] ?? 0, start, end);
    at += width;
  }
  return isChanged ? cut(next, length) : undefined;
}

interface Escape {
  /** How many bytes it takes up. */
  readonly width: number;
  readonly byte?: number;
  /** A code unit of UTF-16, where it is no single byte. */
  readonly unit?: number;
}

function readEscape(bytes: Uint8Array, at: number): Escape | undefined {
  const first = bytes[at];
  if (first === percent) return readHex(bytes, { at: at + 1, digits: 2, width: 3 });
  if (first === ampersand) return readEntity(bytes, at);
  if (first !== backslash || at + 1 >= bytes.length) return undefined;
  const second = bytes[at + 1] ?? 0;
  if (second === 0x75) return readHex(bytes, { at: at + 2, digits: 4, width: 6 }) ?? { width: 2, byte: second };
  if (second === 0x78) return readHex(bytes, { at: at + 2, digits: 2, width: 4 }) ?? { width: 2, byte: second };
  // \n, \r, \t, \b and \f are blanks.
  return { width: 2, byte: [0x6e, 0x72, 0x74, 0x62, 0x66].includes(second) ? 0x20 : second };
}

function readHex(
  bytes: Uint8Array,
  { at, digits, width }: { readonly at: number; readonly digits: number; readonly width: number },
): Escape | undefined {
  let value = 0;
  for (let index = at; index < at + digits; index += 1) {
    const digit = hexValue(bytes[index] ?? 0);
    if (digit === undefined) return undefined;
    value = value * 16 + digit;
  }
  return digits === 2 ? { width, byte: value } : { width, unit: value };
}

function hexValue(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

const entities: ReadonlyMap<string, number> = new Map([
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
]);

/** `&#65;`, `&#x41;` or one of the five names. */
function readEntity(bytes: Uint8Array, at: number): Escape | undefined {
  const end = bytes.subarray(at, at + 10).indexOf(0x3b);
  if (end < 3) return undefined;
  const name = Buffer.from(bytes.subarray(at + 1, at + end)).toString('latin1');
  const digits = /^#(?:x([\da-f]{1,6})|(\d{1,7}))$/i.exec(name);
  const unit =
    digits === null ? entities.get(name) : Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] ? 16 : 10);
  return unit === undefined || unit > 0xff_ff ? undefined : { width: end + 1, unit };
}
