import { isJsonObject } from '../model/json.ts';
import { ApiError } from './api-error.ts';
import type { Quirks } from './quirks.ts';

/** One page of a list, and the headers that say where it stands (platform-api §4). */
export interface ListPage<T> {
  readonly entries: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

interface PagePosition {
  readonly pageSize: number;
  /** 1-based. */
  readonly page: number;
}

/**
 * Cuts the page out that `pageSize` and `nextPage` ask for. The token says more than `pageSize` does.
 * Throws an ApiError 400 for a size or token that is none.
 */
export function cutPage<T>(all: readonly T[], query: URLSearchParams, quirks: Quirks): ListPage<T> {
  const { pageSize, page } = readPosition(query, quirks);
  const size = quirks.shortPages ? Math.max(1, pageSize - 1) : pageSize;
  const entries = all.slice((page - 1) * size, page * size);
  const hasMore = all.length > page * size;
  const hasToken = hasMore || (quirks.tokenAfterLastPage && entries.length > 0);
  return {
    entries,
    headers: {
      ...(quirks.totalCountHeader
        ? { 'elements-total-count': String(all.length), 'elements-returned-count': String(entries.length) }
        : {}),
      ...(hasToken ? { 'elements-next-page-token': encodeToken({ pageSize, page: page + 1 }) } : {}),
    },
  };
}

/** The token of the page after the one that is asked for, whether there is such a page or not. Throws as `cutPage` does. */
export function nextTokenOf(query: URLSearchParams, quirks: Quirks): string {
  const { pageSize, page } = readPosition(query, quirks);
  return encodeToken({ pageSize, page: page + 1 });
}

function readPosition(query: URLSearchParams, quirks: Quirks): PagePosition {
  const token = query.get('nextPage');
  if (token !== null && token !== '') return decodeToken(token);
  const asked = query.get('pageSize') ?? String(quirks.maxPageSize);
  if (!/^[1-9]\d{0,8}$/.test(asked)) throw new ApiError(400, `Invalid pageSize: ${asked}`);
  return { pageSize: Math.min(Number(asked), quirks.maxPageSize), page: 1 };
}

/** Base64, as seen on the platform; nobody may look inside (platform-api §4). */
function encodeToken({ pageSize, page }: PagePosition): string {
  return Buffer.from(JSON.stringify({ limit: pageSize, pageSize, page })).toString('base64');
}

function decodeToken(token: string): PagePosition {
  try {
    const place: unknown = JSON.parse(Buffer.from(token, 'base64').toString());
    const { pageSize, page } = isJsonObject(place) ? place : {};
    if (isCount(pageSize) && isCount(page)) return { pageSize, page };
  } catch {
    // Said below: text that is no JSON is as wrong as JSON that is no token.
  }
  throw new ApiError(400, 'Invalid nextPage token');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
