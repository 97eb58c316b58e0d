import { isSuccess, type Reply } from '../http/reply.ts';
import { PlatformError } from '../model/platform.ts';
import { isAbsence, isAnswerOrAbsence, isUnknownConnector, refusal, type Site, unreadable } from './answer.ts';
import type { ReadTransport } from './transport.ts';
import { type Decoded, parseAnswer, undecodable } from './wire/json.ts';

/** The largest page that the platform makes (platform-api §4). */
export const pageSize = 200;
/** A list that is longer has no end. Entries are counted as often as they come. */
const maxPages = 1_500;
export const maxEntries = 55_000;
/**
 * Most characters of all pages of a list, and how many more there may be for each entry. An instance takes about three thousand, so that
 * 50,000 have room; a few large ones end long before they fill the memory.
 */
const maxListLength = 64 * 1024 * 1024;
const entryLength = 1.75 * 1024;

const largest = `${maxListLength / 1024 / 1024} MiB and ${entryLength / 1024} KiB for each entry`;

interface ListOptions<T> {
  readonly query?: readonly (readonly [string, string])[];
  /** What an entry is called in messages: `instance`. */
  readonly what: string;
  readonly decode: (value: unknown) => Decoded<T>;
  /** Whether an entry that cannot be decoded may be left out. None may when absent. */
  readonly mayLeaveOut?: ((value: unknown) => boolean) | undefined;
  /** Told of each entry that was left out, and why: a clause in our own words. */
  readonly onLeftOut?: ((value: unknown, problem: string) => void) | undefined;
  /**
   * By how many entries a total may be larger than what is shown, when two readings in a row show and count the same. Undefined: the total of this
   * list is never explained away.
   */
  readonly maxUnlisted?: number | undefined;
  /** Told by how many entries the total of the list that is answered was larger. */
  readonly onUnlisted?: ((count: number) => void) | undefined;
}

/** An entry that was left out, and why. */
interface LeftOut {
  readonly value: unknown;
  readonly problem: string;
}

interface DecodedPage<T> {
  readonly entries: readonly T[];
  readonly leftOut: readonly LeftOut[];
  /** Opaque (platform-api §4). */
  readonly token: string | undefined;
  /** How many entries all pages hold together, when the answer says so. */
  readonly total: number | undefined;
}

/** What was read so far. */
interface ListProgress {
  /** Different ids. */
  readonly count: number;
  readonly total: number | undefined;
  /** Whether a page of full length came, which proves that the tenant has no smaller cap. */
  readonly isFullSeen: boolean;
}

/** How often a list that changed while it was read is read in all. */
const maxReadings = 4;

/** One reading of a list that came to an end, or why it cannot be trusted. */
type ListReading<T> =
  | {
      readonly entries: readonly T[];
      readonly leftOut: readonly LeftOut[];
      readonly changed: boolean;
      /** By how many entries the total is larger, when it is: the error that this is, unless it may be so. */
      readonly short?: { readonly by: number; readonly error: PlatformError } | undefined;
    }
  | { readonly error: PlatformError };

/**
 * Reads a whole list, each entry once by its id. One that changed while it was read is read again: an entry that went makes all
 * that follow move up, so that one of them is on no page.
 * Throws a PlatformError when the end cannot be trusted: it never answers a part as if it were the whole.
 */
export async function listPages<T extends { readonly id: string }>(
  transport: ReadTransport,
  path: string,
  options: ListOptions<T>,
): Promise<readonly T[]> {
  let before: string | undefined;
  for (let left = maxReadings - 1; ; left -= 1) {
    const reading = await readOnce(transport, path, options);
    const shown = describeShort(reading);
    const error = findError(reading, { isAsBefore: shown !== undefined && shown === before, ...options });
    before = shown;
    if (left > 0 && (error !== undefined || ('changed' in reading && reading.changed))) continue;
    if (error !== undefined || 'error' in reading) throw error;
    // On an account that never comes to rest, the last reading counts: it was whole by its own count.
    for (const { value, problem } of reading.leftOut) options.onLeftOut?.(value, problem);
    if (reading.short !== undefined) options.onUnlisted?.(reading.short.by);
    return reading.entries;
  }
}

/** Why a reading cannot be trusted; undefined when it can. */
function findError(
  reading: ListReading<unknown>,
  { isAsBefore, maxUnlisted = 0 }: { readonly isAsBefore: boolean } & Pick<ListOptions<unknown>, 'maxUnlisted'>,
): PlatformError | undefined {
  if ('error' in reading) return reading.error;
  const { short, changed } = reading;
  if (short === undefined || (isAsBefore && !changed && short.by <= maxUnlisted)) return undefined;
  return short.error;
}

/** What a reading showed that its total says more than, as one text: equal when another one showed and missed the same. Undefined when nothing is missing. */
function describeShort(reading: ListReading<{ readonly id: string }>): string | undefined {
  if ('error' in reading || reading.short === undefined) return undefined;
  const ids = reading.entries.map(({ id }) => id).toSorted();
  return JSON.stringify([ids, reading.leftOut.map(({ value }) => JSON.stringify(value)).toSorted(), reading.short.by]);
}

async function readOnce<T extends { readonly id: string }>(
  transport: ReadTransport,
  path: string,
  options: ListOptions<T>,
): Promise<ListReading<T>> {
  const { site } = transport;
  const found = new Map<string, T>();
  // By their text, as they may have no id: one that comes twice counts once.
  const leftOut = new Map<string, LeftOut>();
  const tokens = new Set<string>();
  const totals = new Set<number>();
  let isFullSeen = false;
  let [length, read] = [0, 0];
  const failed = (why: string, hint?: string): ListReading<T> => ({ error: incomplete(path, site, why, hint) });

  const askFor = (token: string | undefined): Promise<Reply> => {
    const accept = (reply: Reply) => isAnswerOrAbsence(reply) || (token !== undefined && reply.status === 400);
    return transport.get(path, { query: pageQuery(options.query, token), accept });
  };
  let ahead: { readonly token: string; readonly reply: Promise<Reply> } | undefined;

  for (let token: string | undefined; tokens.size < maxPages;) {
    const reply = await (ahead !== undefined && ahead.token === token ? ahead.reply : askFor(token));
    const next = findSureNext(reply, read);
    ahead = next === undefined || tokens.has(next) ? undefined : { token: next, reply: askFor(next) };
    // Whoever gives up here does not wait for it.
    ahead?.reply.catch(() => {});
    if (isAbsence(reply) && isUnknownConnector(reply)) throw refusal(reply, site, 1);
    // The token of a page is good for a while only.
    if (reply.status === 400) return { error: refusal(reply, site, 1) };
    length += reply.text.length;
    if (length > maxListLength + read * entryLength) throw tooLarge(path, site, largest);
    const page = decodePage(reply, site, options);
    read += lengthOf(page);
    if (read > maxEntries) throw tooLarge(path, site, `${maxEntries} entries`);
    for (const entry of page.entries) found.set(entry.id, entry);
    for (const one of page.leftOut) leftOut.set(JSON.stringify(one.value), one);
    const cut = findCut(reply, page);
    if (cut !== undefined) return failed(cut);
    const count = found.size + leftOut.size;
    if (page.total !== undefined) totals.add(page.total);
    const total = page.total ?? [...totals].at(-1);

    if (isEnd(page, { count, total, isFullSeen })) {
      const by = Math.max(0, (total ?? 0) - count);
      const why = `the platform reports ${total} entries, but returned ${count}`;
      const short = by === 0 ? undefined : { by, error: incomplete(path, site, why, hintOfTotal(by, options)) };
      return { entries: [...found.values()], leftOut: [...leftOut.values()], changed: totals.size > 1, short };
    }
    isFullSeen ||= lengthOf(page) >= pageSize;
    token = page.token ?? '';
    if (tokens.has(token)) return failed('the same page token came twice');
    tokens.add(token);
  }
  throw incomplete(path, site, `it continues after ${maxPages} pages`);
}

/**
 * The token of the next page, where there must be one: what is read is decoded while that comes. Undefined where this page may be the last one, as
 * far as its headers say.
 * @param before how many entries the pages before it had
 */
function findSureNext(reply: Reply, before: number): string | undefined {
  const { total, token } = readHead(reply);
  return isSuccess(reply) && total !== undefined && before + pageSize < total ? token : undefined;
}

/** Why a page, or the list that ends with it, is not whole, where its total does not tell. A clause; undefined when nothing says so. */
function findCut(reply: Reply, page: DecodedPage<unknown>): string | undefined {
  if (reply.status === 206) return 'the platform answered with a part of it (HTTP 206)';
  if (page.total !== undefined) return undefined;
  const length = lengthOf(page);
  const returned = parseCount(reply.header('elements-returned-count')) ?? 0;
  if (returned > length) return `a page of it should hold ${returned} entries, and holds ${length}`;
  // Newer versions of the platform send this header (platform-api §4).
  const hasMore = reply.header('elements-has-more')?.trim().toLowerCase() === 'true';
  return hasMore && page.token === undefined ? 'the platform says that more follows, and not where' : undefined;
}

/** What stands beside a page. */
function readHead(reply: Reply): Pick<DecodedPage<unknown>, 'token' | 'total'> {
  const token = reply.header('elements-next-page-token');
  return { token: token === '' ? undefined : token, total: parseCount(reply.header('elements-total-count')) };
}

function lengthOf({ entries, leftOut }: DecodedPage<unknown>): number {
  return entries.length + leftOut.length;
}

/**
 * Whether nothing follows. A token is no sign of more, as it may come with the last page too (platform-api §4).
 * A short page is the end only after a full one: a tenant that caps pages at 100 makes every page short, and one request
 * too many costs less than a missed instance, which would become a duplicate connection.
 */
function isEnd(page: DecodedPage<unknown>, { count, total, isFullSeen }: ListProgress): boolean {
  if (page.token === undefined || lengthOf(page) === 0) return true;
  // A total that is smaller than what came counts something else, and proves nothing.
  if (total !== undefined && count <= total) return count === total;
  return isFullSeen && lengthOf(page) < pageSize;
}

function decodePage<T>(reply: Reply, site: Site, options: ListOptions<T>): DecodedPage<T> {
  const { total, token } = readHead(reply);
  if (isAbsence(reply)) return { entries: [], leftOut: [], token: undefined, total };
  const json = parseAnswer(reply.text);
  if (!json.ok) throw unreadable(reply, site, json.problem);
  if (!Array.isArray(json.value)) throw unreadable(reply, site, 'it is not a list');
  const decoded = decodeEntries(json.value, options);
  if (!decoded.ok) throw unreadable(reply, site, decoded.problem);
  return { ...decoded.value, token, total };
}

/** The first entry that cannot be decoded and must not be left out fails them all. */
function decodeEntries<T>(
  values: readonly unknown[],
  { what, decode, mayLeaveOut }: ListOptions<T>,
): Decoded<Pick<DecodedPage<T>, 'entries' | 'leftOut'>> {
  const entries: T[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, value] of values.entries()) {
    const entry = decode(value);
    if (entry.ok) entries.push(entry.value);
    else if (mayLeaveOut?.(value) === true) leftOut.push({ value, problem: entry.problem });
    else return undecodable(`${what} ${index + 1} cannot be used: ${entry.problem}`);
  }
  return { ok: true, value: { entries, leftOut } };
}

function pageQuery(
  query: readonly (readonly [string, string])[] = [],
  token: string | undefined,
): readonly (readonly [string, string])[] {
  const page = [['pageSize', String(pageSize)] as const];
  return [...query, ...page, ...(token === undefined ? [] : [['nextPage', token] as const])];
}

function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function tooLarge(path: string, site: Site, limit: string): PlatformError {
  return new PlatformError('list-too-large', `The list GET ${path} of ${site.host} is larger than ${limit}.`, {
    hint: 'It was not read to its end, and nothing is decided from a part of it. Look on the platform for what makes it that large.',
  });
}

const incompleteHint =
  'Try again: the list may have changed while it was read. Nothing is decided from an incomplete list.';

/** Where it is so each time, the rest is most likely what the user may not see. */
function hintOfTotal(by: number, { maxUnlisted }: Pick<ListOptions<unknown>, 'maxUnlisted'>): string {
  const credentials =
    'the platform counts instances that it does not show to this user: use the credentials of a user who may see all instances of the account.';
  // One that carries a tag of ours and is hidden would be made a second time.
  if (maxUnlisted === undefined) return `${incompleteHint} If the numbers are the same each time, ${credentials}`;
  const accept = `If they belong to others and this user is not to see them, accept so many in the workspace file: \`limits: { maxUnlisted: ${by} }\`.`;
  return `${incompleteHint} If the numbers are the same each time, ${credentials} ${accept}`;
}

function incomplete(path: string, site: Site, why: string, hint = incompleteHint): PlatformError {
  return new PlatformError('incomplete-list', `The list GET ${path} of ${site.host} is incomplete: ${why}.`, {
    hint,
  });
}
