import { isJsonObject, type JsonRecord } from '../../src/model/json.ts';

/** An account of the platform, or of the sandbox. */
export interface TenantAccess {
  /** Ends in `/elements/api-v2`. */
  readonly baseUrl: string;
  readonly userSecret: string;
  readonly organizationSecret: string;
}

export interface TenantAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body; an empty object when it is no JSON object. */
  readonly body: JsonRecord;
  /** The body; empty when it is no JSON list. */
  readonly list: readonly JsonRecord[];
}

export interface TenantRequest {
  readonly body?: unknown;
  /** Of an instance: adds the Element part. */
  readonly token?: string;
  /** Replaces the whole Authorization header. */
  readonly authorization?: string;
}

export type TenantClient = (method: string, path: string, request?: TenantRequest) => Promise<TenantAnswer>;

/** A plain HTTP client, so that the tests do not lean on the code they are there to check. */
export function toClient({ baseUrl, userSecret, organizationSecret }: TenantAccess): TenantClient {
  return async (method, path, { body, token, authorization } = {}) => {
    const element = token === undefined ? '' : `, Element ${token}`;
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: authorization ?? `User ${userSecret}, Organization ${organizationSecret}${element}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJsonObject(parsed) ? parsed : {},
      list: Array.isArray(parsed) ? parsed.filter((entry) => isJsonObject(entry)) : [],
    };
  };
}

/** A part of an answer that is an object itself; empty when it is not. */
export function part(record: JsonRecord | undefined, key: string): JsonRecord {
  const value = record?.[key];
  return isJsonObject(value) ? value : {};
}
