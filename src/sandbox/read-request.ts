import type { IncomingMessage } from 'node:http';
import { parseJson } from '../model/parse-json.ts';
import { ApiError } from './api-error.ts';
import type { SandboxRequest } from './route.ts';

/** Everything the platform serves stands below this path (platform-api §1). */
export const basePath = '/elements/api-v2';

/** What JSON readers of servers put up with, roughly. */
const deepestBody = 1_000;

const maxBodyBytes = 8 * 1024 * 1024;

/** A request with its body still as text: it is parsed after the caller was let in. */
export interface RawRequest extends Omit<SandboxRequest, 'body'> {
  readonly text: string;
}

/** Reads a request to its end; its path is whole. Throws an ApiError 413 for a body over 8 MB. */
export async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  // The sandbox speaks of paths only, so any host will do for a base.
  const url = new URL(`http://sandbox${incoming.url ?? '/'}`);
  const text = await readText(incoming);
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    text,
  };
}

/** With its path below the platform's own. Throws an ApiError 404 outside of it. */
export function belowBasePath(request: RawRequest): RawRequest {
  const { path } = request;
  if (!path.startsWith(`${basePath}/`)) throw new ApiError(404, `The resource ${path} does not exist`);
  return { ...request, path: path.slice(basePath.length) };
}

/** With the JSON of its body. Throws an ApiError: 415 for another type, 400 for text that is no JSON. */
export function parseRequest({ text, ...request }: RawRequest): SandboxRequest {
  if (text === '') return request;
  const type = String(request.headers['content-type'] ?? '');
  if (!/^application\/json\b/i.test(type)) throw new ApiError(415, `Unsupported content type: ${type || 'none'}`);
  const parsed = parseJson(text, { deepest: deepestBody });
  if (!parsed.ok) throw new ApiError(400, 'The request body is not valid JSON');
  return { ...request, body: parsed.value };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to the end all the same: an answer before that would break the connection.
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) throw new ApiError(413, 'The request body is too large');
  return Buffer.concat(chunks).toString('utf8');
}
