import type { Reply } from '../http/reply.ts';
import { PlatformError } from '../model/platform.ts';
import { isAbsence, isAnswerOrAbsence, isUnknownConnector, refusal, type Site, unreadable } from './answer.ts';
import type { ReadTransport } from './transport.ts';
import { type Decoded, decodeEach, parseJson } from './wire/json.ts';

/** The largest page that the platform makes (platform-api §4). */
const pageSize = 200;
/** A list longer than this has no end. */
const maxPages = 10_000;

interface ListOptions<T> {
  readonly query?: readonly (readonly [string, string])[];
  /** What an entry is called in messages: `instance`. */
  readonly what: string;
  readonly decode: (value: unknown) => Decoded<T>;
}

interface DecodedPage<T> {
  readonly entries: readonly T[];
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

/**
 * Reads a whole list, each entry once by its id.
 * Throws a PlatformError when the end cannot be trusted: it never answers a part as if it were the whole.
 */
export async function listPages<T extends { readonly id: string }>(
  transport: ReadTransport,
  path: string,
  options: ListOptions<T>,
): Promise<readonly T[]> {
  const { site } = transport;
  const found = new Map<string, T>();
  const tokens = new Set<string>();
  let total: number | undefined;
  let isFullSeen = false;

  for (let token: string | undefined; tokens.size < maxPages;) {
    const reply = await transport.get(path, { query: pageQuery(options.query, token), accept: isAnswerOrAbsence });
    if (isAbsence(reply) && isUnknownConnector(reply)) throw refusal(reply, site, 1);
    const page = decodePage(reply, site, options);
    for (const entry of page.entries) found.set(entry.id, entry);
    total = page.total ?? total;

    if (isEnd(page, { count: found.size, total, isFullSeen })) {
      if (total === undefined || found.size >= total) return [...found.values()];
      throw incomplete(path, site, `the platform reports ${total} entries, but returned ${found.size}`);
    }
    isFullSeen ||= page.entries.length >= pageSize;
    token = page.token ?? '';
    if (tokens.has(token)) throw incomplete(path, site, 'the same page token came twice');
    tokens.add(token);
  }
  throw incomplete(path, site, `it continues after ${maxPages} pages`);
}

/**
 * Whether nothing follows. A token is no sign of more, as it may come with the last page too (platform-api §4).
 * A short page is the end only after a full one: a tenant that caps pages at 100 makes every page short, and one request
 * too many costs less than a missed instance, which would become a duplicate connection.
 */
function isEnd(page: DecodedPage<unknown>, { count, total, isFullSeen }: ListProgress): boolean {
  if (page.token === undefined || page.entries.length === 0) return true;
  // A total that is smaller than what came counts something else, and proves nothing.
  if (total !== undefined && count <= total) return count === total;
  return isFullSeen && page.entries.length < pageSize;
}

function decodePage<T>(reply: Reply, site: Site, { what, decode }: ListOptions<T>): DecodedPage<T> {
  const total = parseCount(reply.header('elements-total-count'));
  if (isAbsence(reply)) return { entries: [], token: undefined, total };
  const json = parseJson(reply.text);
  if (!json.ok) throw unreadable(reply, site, json.problem);
  if (!Array.isArray(json.value)) throw unreadable(reply, site, 'it is not a list');
  const entries = decodeEach(json.value, what, decode);
  if (!entries.ok) throw unreadable(reply, site, entries.problem);
  const token = reply.header('elements-next-page-token');
  return { entries: entries.value, token: token === '' ? undefined : token, total };
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

function incomplete(path: string, site: Site, why: string): PlatformError {
  return new PlatformError('incomplete-list', `The list GET ${path} of ${site.host} is incomplete: ${why}.`, {
    hint: 'Try again: the list may have changed while it was read. Nothing is decided from an incomplete list.',
  });
}
