import { foldedForms } from './folded-forms.ts';
import { type FoldedText, foldLayers, foldPlainUnit } from './folded-text.ts';
import { eachHash, factor, leaving, mix, roll, windowLength, WindowTable } from './window-table.ts';

/** A run of so many letters and digits of a secret is hidden, wherever it comes from: a cut secret is no longer whole. */
export const shortestRun = 12;

/** A run is so many windows, one behind the other. */
const windowsOfRun = shortestRun - windowLength + 1;
/** Windows for each code unit of a secret: as it is, reversed, in hexadecimal digits and three times in base64. */
const windowsOfUnit = 8;

/** Most windows that are kept: some 16 MiB. The secrets of the process come first; tokens of many thousand instances are found in their exact forms only. */
const mostWindows = 1 << 21;

/** Longest word of a sentence: see `isWord`. */
const longestWord = 18;

/** Whether it is to be compared whole: it is too short for a run, or a run of it could be taken for a word. */
function isShort(bytes: Uint8Array): boolean {
  return (
    bytes.length < shortestRun || (bytes.length <= longestWord && bytes.every((byte) => byte >= 0x61 && byte <= 0x7a))
  );
}

/** A part of a text, from the first index to the one behind the last. */
export type TextRange = readonly [start: number, end: number];

/**
 * Finds secrets in a text whatever it did to them: wrapped, broken over lines, quoted, escaped several times, in other case, reversed,
 * as hexadecimal digits or base64, or cut, as long as twelve letters and digits are left in a row that are no word of a sentence.
 * The cost grows with the length of the text only: each place of it is hashed once, not compared with each secret.
 */
export class FoldedIndex {
  readonly #windows = new WindowTable();
  /** The last bytes of the text that is being looked at, each at its place modulo the length. */
  readonly #window = new Uint8Array(windowLength);
  /** Those too short for a run, or like a word: by the hash of their beginning, and compared whole. */
  readonly #short = new Map<number, Uint8Array[]>();

  /** @param texts of secrets */
  addAll(texts: readonly string[]): void {
    const wanted = texts.reduce((sum, text) => sum + windowsOfUnit * text.length, 0);
    this.#windows.reserve(Math.min(wanted, mostWindows - this.#windows.count));
    for (const text of texts) this.#add(text);
  }

  #add(text: string): void {
    if (this.#windows.count >= mostWindows) return;
    for (const { bytes, from } of foldedForms(text)) {
      if (bytes.length >= shortestRun) this.#addWindows(bytes, from);
      if (bytes.length >= windowLength && isShort(bytes)) this.#addShort(bytes.slice());
    }
  }

  /** Where a text shows a secret or a run of one. Ranges may overlap, and are in no order. */
  find(text: string): readonly TextRange[] {
    if (this.#windows.count === 0 && this.#short.size === 0) return [];
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
      run = this.#windows.has(hash) ? run + 1 : 0;
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
      run = this.#windows.has(hash) ? run + 1 : 0;
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
    for (let index = 0; index < bytes.length && this.#windows.count < mostWindows; index += 1) {
      rolling = roll(rolling, bytes, index);
      const at = index - windowLength + 1;
      if (at >= 0 && at >= from) this.#windows.insert(mix(rolling));
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
}

/**
 * Whether a range is a word of a sentence, such as `Organization`, which is more often that than a piece of a secret that has the word in it.
 * A secret that is nothing but the word is found whole.
 */
function isWord(text: string, [start, end]: TextRange): boolean {
  const isAlone = !/[\p{L}\p{N}]/u.test(`${text[start - 1] ?? ''}${text[end] ?? ''}`);
  return isAlone && /^[A-Z]?[a-z]{11,17}$/.test(text.slice(start, end));
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

function startsWith(bytes: Uint8Array, form: Uint8Array, at: number): boolean {
  return at + form.length <= bytes.length && form.every((byte, index) => bytes[at + index] === byte);
}
