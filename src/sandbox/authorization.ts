import { timingSafeEqual } from 'node:crypto';

import { ApiError } from './api-error.ts';
import type { StoredInstance } from './state/stored-instance.ts';

export interface SandboxCredentials {
  readonly userSecret: string;
  readonly organizationSecret: string;
}

/** The parts of the Authorization header. */
interface Authorization {
  readonly User?: string;
  readonly Organization?: string;
  readonly Element?: string;
}

/** The platform's words for every kind of wrong secret (platform-api §2). */
const refusal = 'Invalid Organization or User secret, or invalid Element token provided.';

/** Whom a caller may be. */
interface KnownCallers {
  readonly credentials: SandboxCredentials;
  findByToken(token: string): StoredInstance | undefined;
}

/**
 * Checks the secrets of a caller, and finds the instance whose token it sent.
 * The Organization part may be missing when an Element part is there (platform-api §2).
 * Throws the documented 401 for anything else.
 */
export function authenticate(header: string | undefined, known: KnownCallers): StoredInstance | undefined {
  const parts = parseAuthorization(header ?? '');
  if (parts?.User === undefined || !isSame(parts.User, known.credentials.userSecret)) throw refuse();
  if (parts.Organization === undefined && parts.Element === undefined) throw refuse();
  if (parts.Organization !== undefined && !isSame(parts.Organization, known.credentials.organizationSecret)) {
    throw refuse();
  }
  if (parts.Element === undefined) return undefined;

  const instance = known.findByToken(parts.Element);
  if (instance === undefined) throw refuse();
  return instance;
}

/** The error for a call that needs an instance's token and has none. */
export function refuse(): ApiError {
  return new ApiError(401, refusal);
}

/**
 * Reads `User x, Organization y[, Element z]`: parts in any order, scheme words case-sensitive (platform-api §2).
 * Undefined when the header is anything else.
 */
function parseAuthorization(header: string): Authorization | undefined {
  const parts = new Map<string, string>();
  for (const part of header.split(',')) {
    const [, scheme, secret] = /^(User|Organization|Element) +(\S+)$/.exec(part.trim()) ?? [];
    if (scheme === undefined || secret === undefined || parts.has(scheme)) return undefined;
    parts.set(scheme, secret);
  }
  return Object.fromEntries(parts);
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
