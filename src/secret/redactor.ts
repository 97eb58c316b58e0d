import { type Redactor, reveal, type Secret } from '../model/secret.ts';
import { encodedForms } from './encoded-forms.ts';
import { FoldedIndex, mergeRanges, type TextRange } from './folded-index.ts';
import { undoneLayers } from './folded-text.ts';
import { openScreen } from './screen-secrets.ts';

const replacement = '(secret)';

/** Forms are found by their first characters, so that the search does not depend on the number of secrets. */
const prefixLength = 4;

/** So few are indexed as soon as they are held against a text. */
const fewSecrets = 256;

/** Marks of the prefixes that there are, so that nothing is cut out and looked up where there is none: a power of two. */
const markCount = 1 << 16;

/**
 * A redactor that knows these secrets, and each that is added later.
 * A form of fewer than four characters is only replaced where it stands alone: elsewhere the gaps would give it away.
 */
export function createRedactor(secrets: readonly Secret[] = []): Redactor {
  const known = new Set<string>();
  // Encoding waits until there is a text to redact: most runs read many secrets and redact nothing.
  let pending: string[] = [];
  const byPrefix = new Map<string, string[]>();
  const marks = new Uint8Array(markCount);
  const short = new Set<string>();
  let shortPattern: RegExp | undefined;
  const folded = new FoldedIndex();

  function indexPending(): void {
    const all = pending;
    pending = [];
    index(all);
  }

  function index(texts: readonly string[]): void {
    if (texts.length === 0) return;
    const grown = new Set<string[]>();
    const shortBefore = short.size;
    folded.addAll(texts);
    for (const form of texts.flatMap((text) => encodedForms(text))) {
      if (form.length < prefixLength) short.add(form);
      else putInBucket(form, grown);
    }
    for (const bucket of grown) bucket.sort((a, b) => b.length - a.length);
    if (short.size > shortBefore) shortPattern = patternOf(short);
  }

  /** @param grown told of a bucket that has to be sorted */
  function putInBucket(form: string, grown: Set<string[]>): void {
    const prefix = form.slice(0, prefixLength);
    const bucket = byPrefix.get(prefix);
    marks[markAt(form, 0)] = 1;
    if (bucket === undefined) {
      byPrefix.set(prefix, [form]);
      return;
    }
    bucket.push(form);
    grown.add(bucket);
  }

  function lengthAt(text: string, at: number): number {
    if (marks[markAt(text, at)] === 0) return 0;
    const bucket = byPrefix.get(text.slice(at, at + prefixLength));
    return bucket?.find((form) => text.startsWith(form, at))?.length ?? 0;
  }

  function add(secret: Secret): void {
    const text = reveal(secret);
    if (text.trim() === '' || known.has(text)) return;
    known.add(text);
    pending.push(text);
  }

  /** The text without what was indexed so far. */
  function hideIndexed(text: string): string {
    const ranges = [...exactRanges(text, lengthAt), ...undoneRanges(text, lengthAt), ...folded.find(text)];
    const rest = ranges.length === 0 ? text : withoutRanges(text, ranges);
    return shortPattern === undefined || !hasAny(rest, short) ? rest : rest.replaceAll(shortPattern, replacement);
  }

  function redact(text: string): string {
    indexPending();
    return hideIndexed(text);
  }

  for (const secret of secrets) add(secret);
  return {
    add,
    redact,
    forTexts: (list) => {
      const texts = pending.length > fewSecrets ? list() : [];
      if (texts.length === 0 || lengthOf(texts) > lengthOf(pending)) return redact;
      const mayShow = openScreen(texts);
      const [near, far]: [string[], string[]] = [[], []];
      for (const secret of pending) (mayShow(secret) ? near : far).push(secret);
      pending = far;
      index(near);
      const [screened, count] = [new Set(texts), known.size];
      // A secret that came after has not been held against the texts.
      return (text) => (screened.has(text) && known.size === count ? hideIndexed(text) : redact(text));
    },
  };
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** Where the mark of the prefix at this place is; prefixes may share one. */
function markAt(text: string, at: number): number {
  let mark = 0;
  for (let index = at; index < at + prefixLength; index += 1) mark = (Math.imul(mark, 31) + text.charCodeAt(index)) | 0;
  return Math.imul(mark, 0x9e_37_79_b1) >>> 16;
}

function exactRanges(text: string, lengthAt: (text: string, at: number) => number): readonly TextRange[] {
  const ranges: TextRange[] = [];
  for (let at = 0; at + prefixLength <= text.length; at += 1) {
    const length = lengthAt(text, at);
    if (length === 0) continue;
    const last = ranges.at(-1);
    if (last === undefined || at >= last[1]) ranges.push([at, at + length]);
    else ranges[ranges.length - 1] = [last[0], Math.max(last[1], at + length)];
  }
  return ranges;
}

/** What is found once escapes are undone, however many times it was escaped: a secret of few letters and digits is in no folded text. */
function undoneRanges(text: string, lengthAt: (text: string, at: number) => number): readonly TextRange[] {
  return [...undoneLayers(text)].flatMap(({ bytes, start, end }) => {
    const undone = Buffer.from(bytes).toString('latin1');
    return exactRanges(undone, lengthAt).map(([from, to]): TextRange => [start[from] ?? 0, end[to - 1] ?? text.length]);
  });
}

// Overlapping forms are replaced as one, so that nothing is left of any of them.
function withoutRanges(text: string, ranges: readonly TextRange[]): string {
  const kept: string[] = [];
  let end = 0;
  for (const [from, to] of mergeRanges(ranges)) {
    kept.push(text.slice(end, from), replacement);
    end = to;
  }
  return kept.join('') + text.slice(end);
}

function patternOf(short: ReadonlySet<string>): RegExp | undefined {
  if (short.size === 0) return undefined;
  const forms = [...short].toSorted((a, b) => b.length - a.length).map(escapePattern);
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${forms.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
}

/** The pattern looks at what stands around each place, which takes much longer. */
function hasAny(text: string, forms: ReadonlySet<string>): boolean {
  for (const form of forms) if (text.includes(form)) return true;
  return false;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

/** A shorter part of a secret occurs by chance: masking it would make a log unreadable and show where the secret is. */
const shortestPart = 4;

/**
 * What a CI runner has to mask so that no form of a secret appears in a log. Each is a single line, because runners mask line by line.
 * Must go to the runner and nowhere else: these are secrets.
 */
export function maskForms(secret: Secret): readonly string[] {
  const text = reveal(secret);
  const lines = encodedForms(text)
    .flatMap((form) => form.split(/[\r\n]+/))
    .filter((line) => line.trim() !== '' && (line === text || line.length >= shortestPart));
  return [...new Set(lines)];
}
