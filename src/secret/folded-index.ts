import { foldedBytes, type FoldedText, isAscii, foldLayers, foldPlainUnit } from './folded-text.ts';

/** A run of so many letters and digits of a secret is hidden, wherever it comes from: a cut secret is no longer whole. */
export const shortestRun = 12;

/** What is looked up at a time. A run is so many of these, one behind the other. */
const windowLength = 8;
const windowsOfRun = shortestRun - windowLength + 1;
/** Windows for each code unit of a secret: as it is, reversed, in hexadecimal digits and three times in base64. */
const windowsOfUnit = 8;

/** Most windows that are kept: some 16 MiB. The secrets of the process come first; tokens of many thousand instances are found in their exact forms only. */
const mostWindows = 1 << 21;

/** A part of a text, from the first index to the one behind the last. */
export type TextRange = readonly [start: number, end: number];

/**
 * Finds secrets in a text whatever it did to them: wrapped, broken over lines, quoted, escaped several times, in other case, reversed,
 * as hexadecimal digits or base64, or cut, as long as twelve letters and digits are left in a row that are no word of a sentence.
 * The cost grows with the length of the text only: each place of it is hashed once, not compared with each secret.
 */
export class FoldedIndex {
  #table = new Uint32Array(1 << 10);
  #count = 0;
  /** The last bytes of the text that is being looked at, each at its place modulo the length. */
  readonly #window = new Uint8Array(windowLength);
  /** Those too short for a run: by the hash of their beginning, and compared whole. */
  readonly #short = new Map<number, Uint8Array[]>();

  /** @param texts of secrets */
  addAll(texts: readonly string[]): void {
    // At once, as each time the table grows all of it is put into place again.
    this.#reserve(texts.reduce((sum, text) => sum + windowsOfUnit * text.length, 0));
    for (const text of texts) this.#add(text);
  }

  #add(text: string): void {
    if (this.#count >= mostWindows) return;
    for (const { bytes, from } of formsOf(text)) {
      if (bytes.length >= shortestRun) this.#addWindows(bytes, from);
      else if (bytes.length >= windowLength) this.#addShort(bytes.slice());
    }
  }

  /** Where a text shows a secret or a run of one. Ranges may overlap, and are in no order. */
  find(text: string): readonly TextRange[] {
    if (this.#count === 0 && this.#short.size === 0) return [];
    if (!this.#mayFind(text)) return [];
    return [...foldLayers(text)].flatMap((layer) => this.#findIn(layer, text));
  }

  /**
   * False: there is nothing to find. Asked first, as most texts are lines of output that show no secret, and one pass that keeps nothing costs
   * a small part of the search. The hashes are those of `eachHash` over the only layer of a text in which nothing is escaped.
   */
  #mayFind(text: string): boolean {
    const window = this.#window;
    let [rolling, length, run] = [0, 0, 0];
    for (let at = 0; at < text.length; at += 1) {
      const byte = foldPlainUnit(text.charCodeAt(at));
      if (byte === undefined) return true;
      if (byte === 0) continue;
      const place = length % windowLength;
      rolling = (Math.imul(rolling, factor) + byte + 1) | 0;
      if (length >= windowLength) rolling = (rolling - Math.imul((window[place] ?? 0) + 1, leaving)) | 0;
      window[place] = byte;
      length += 1;
      if (length < windowLength) continue;
      const hash = mix(rolling);
      run = this.#has(hash) ? run + 1 : 0;
      if (run === windowsOfRun || this.#short.has(hash)) return true;
    }
    return false;
  }

  #findIn({ bytes, start, end }: FoldedText, text: string): readonly TextRange[] {
    const found: TextRange[] = [];
    const whole: TextRange[] = [];
    const note = (from: number, to: number) => found.push([from, to]);
    // Where the run that is under way began, as long as each window behind it is known.
    let run = 0;
    eachHash(bytes, (hash, at) => {
      run = this.#has(hash) ? run + 1 : 0;
      if (run === windowsOfRun) note(at + windowLength - shortestRun, at + windowLength);
      else if (run > windowsOfRun) note(at, at + windowLength);
      const short = this.#short.get(hash)?.find((form) => startsWith(bytes, form, at));
      if (short !== undefined) whole.push([at, at + short.length]);
    });
    const toText = ([from, to]: TextRange) => rangesInText({ start, end, text }, from, to);
    return [
      ...mergeRanges(found)
        .flatMap(toText)
        .filter((range) => !isWord(text, range)),
      ...whole.flatMap(toText),
    ];
  }

  /** As `eachHash` goes over the bytes, without a call for each: there are hundreds for each secret. */
  #addWindows(bytes: Uint8Array, from: number): void {
    let rolling = 0;
    for (let index = 0; index < bytes.length && this.#count < mostWindows; index += 1) {
      rolling = roll(rolling, bytes, index);
      const at = index - windowLength + 1;
      if (at >= 0 && at >= from) this.#insert(mix(rolling));
    }
  }

  #addShort(bytes: Uint8Array): void {
    eachHash(bytes.subarray(0, windowLength), (hash) => {
      const known = this.#short.get(hash) ?? [];
      this.#short.set(
        hash,
        [...known, bytes].toSorted((a, b) => b.length - a.length),
      );
    });
  }

  #has(hash: number): boolean {
    const mask = this.#table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#table[slot];
      if (entry === hash) return true;
      if (entry === 0) return false;
    }
  }

  /** One that is there already is left as it is. */
  #insert(hash: number): void {
    if (this.#count * 2 >= this.#table.length) this.#resize(this.#table.length * 4);
    if (put(this.#table, hash)) this.#count += 1;
  }

  #reserve(windows: number): void {
    let length = this.#table.length;
    while (length < 2 * Math.min(mostWindows, this.#count + windows)) length *= 2;
    if (length > this.#table.length) this.#resize(length);
  }

  #resize(length: number): void {
    const table = new Uint32Array(length);
    for (const hash of this.#table) if (hash !== 0) put(table, hash);
    this.#table = table;
  }
}

/** Whether it was put in: it was not there before. */
function put(table: Uint32Array, hash: number): boolean {
  const mask = table.length - 1;
  let slot = hash & mask;
  for (let entry = table[slot]; entry !== 0; entry = table[slot]) {
    if (entry === hash) return false;
    slot = (slot + 1) & mask;
  }
  table[slot] = hash;
  return true;
}

/**
 * Whether a range is a word of a sentence, such as `Organization`, which is more often that than a piece of a secret that has the word in it.
 * A secret that is nothing but the word is found whole, in its exact forms.
 */
function isWord(text: string, [start, end]: TextRange): boolean {
  const isAlone = !/[\p{L}\p{N}]/u.test(`${text[start - 1] ?? ''}${text[end] ?? ''}`);
  return isAlone && /^[A-Z]?[a-z]{11,17}$/.test(text.slice(start, end));
}

const factor = 0x01_00_01_93;
/** What the byte that leaves the window has come to: the factor to the power of its length. */
const leaving = Array.from({ length: windowLength }).reduce<number>((power) => Math.imul(power, factor), 1);

/** Tells the hash of each window of the bytes, never 0. */
function eachHash(bytes: Uint8Array, tell: (hash: number, at: number) => void): void {
  let rolling = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    rolling = roll(rolling, bytes, index);
    const at = index - windowLength + 1;
    if (at >= 0) tell(mix(rolling), at);
  }
}

/** The sum of the window that ends with the byte at the index, from that of the one before. */
function roll(rolling: number, bytes: Uint8Array, index: number): number {
  const next = (Math.imul(rolling, factor) + (bytes[index] ?? 0) + 1) | 0;
  const left = index - windowLength;
  return left < 0 ? next : (next - Math.imul((bytes[left] ?? 0) + 1, leaving)) | 0;
}

/** Ranges that overlap become one; in order. */
export function mergeRanges(ranges: readonly TextRange[]): readonly TextRange[] {
  const merged: TextRange[] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
}

/** What a text puts between two lines of a secret may stay; a line break alone belongs to it. */
const between = /^(?=[^]*\s)[^]{3,}$/;

function rangesInText(
  { start, end, text }: Pick<FoldedText, 'start' | 'end'> & { readonly text: string },
  from: number,
  to: number,
): readonly TextRange[] {
  const ranges: TextRange[] = [];
  let first = start[from] ?? 0;
  for (let at = from + 1; at < to; at += 1) {
    const [left, right] = [end[at - 1] ?? 0, start[at] ?? 0];
    if (right - left < 3 || !between.test(text.slice(left, right))) continue;
    ranges.push([first, left]);
    first = right;
  }
  return [...ranges, [first, end[to - 1] ?? 0]];
}

/** Spreads what a sum of few different bytes leaves close together. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0 || 1;
}

function startsWith(bytes: Uint8Array, form: Uint8Array, at: number): boolean {
  return at + form.length <= bytes.length && form.every((byte, index) => bytes[at + index] === byte);
}

interface Form {
  readonly bytes: Uint8Array;
  /** Windows that begin before this are what many texts begin with. */
  readonly from: number;
}

/** A secret as it is, reversed, as hexadecimal digits and inside base64, folded as a text is. */
function formsOf(text: string): readonly Form[] {
  const bytes = Buffer.from(text, 'utf8');
  const plain = foldedBytes(text);
  const encoded = [0, 1, 2].map((offset) => foldedBytes(innerBase64(bytes, offset)));
  const others = [reversed(text, plain), hexDigits(bytes), ...encoded];
  return [{ bytes: plain, from: commonStart(text) }, ...others.map((form) => ({ bytes: form, from: 0 }))];
}

/** Folded backwards, a text of ASCII is its folded bytes backwards. */
function reversed(text: string, folded: Uint8Array): Uint8Array {
  return isAscii(text) ? folded.toReversed() : foldedBytes(Array.from(text).toReversed().join(''));
}

const digits = Buffer.from('0123456789abcdef', 'latin1');

function hexDigits(bytes: Uint8Array): Uint8Array {
  const hex = new Uint8Array(bytes.length * 2);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    hex[2 * at] = digits[byte >> 4] ?? 0;
    hex[2 * at + 1] = digits[byte & 0x0f] ?? 0;
  }
  return hex;
}

/** Scheme and host of an address are no secret by themselves, and neither is the first line of a key. */
function commonStart(text: string): number {
  const common =
    /^\s*(?:[a-z][a-z\d+.-]*:\/\/[^/?#@\s]*(?![^/?#\s]*@)|-----BEGIN [A-Z\d ]+-----)/i.exec(text)?.[0] ?? '';
  return common === '' ? 0 : foldedBytes(common).length;
}

/** The characters that depend on these bytes only, whatever stands before and behind them: the bytes begin at one of three offsets. */
export function innerBase64(bytes: Buffer, offset: number): string {
  const encoded = (offset === 0 ? bytes : Buffer.concat([Buffer.alloc(offset), bytes])).toString('base64');
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
