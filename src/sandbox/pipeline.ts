import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { ApiError } from './api-error.ts';
import { authenticate } from './authorization.ts';
import type { Answer, Call, SandboxRequest } from './exchange.ts';
import { parseRequest, readRequest } from './read-request.ts';
import type { RawRequest } from './read-request.ts';
import type { Match, Router } from './router.ts';
import type { Tenant } from './tenant.ts';

export interface PipelineOptions {
  readonly tenant: Tenant;
  readonly router: Router;
  /** Milliseconds added to each answer. */
  readonly latency: number;
  readonly onRequest?: (request: SandboxRequest) => void;
}

/** A request that was let in and found its route; nothing has happened yet. */
type Operation = Match & { readonly call: Call };

/**
 * The way of every request: route, commit, respond. Only commit changes the tenant, in one go; a fault belongs between two stages:
 * before commit the request is lost, after commit only its answer is.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  #requests = 0;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const requestId = this.#nextRequestId();
    const answer = await this.#answer(incoming, requestId);
    if (this.#options.latency > 0) await delay(this.#options.latency);
    respond(outgoing, { ...answer, headers: { 'elements-request-id': requestId, ...answer.headers } });
  }

  async #answer(incoming: IncomingMessage, requestId: string): Promise<Answer> {
    try {
      const request = await readRequest(incoming);
      return commit(this.#route(request));
    } catch (error) {
      return toErrorAnswer(error, requestId);
    }
  }

  /** The caller is checked first: a stranger does not learn which paths exist. */
  #route(raw: RawRequest): Operation {
    const { tenant, router, onRequest } = this.#options;
    const instance = authenticate(String(raw.headers['authorization'] ?? ''), tenant);
    const match = router(raw.method, raw.path);
    const request = parseRequest(raw);
    onRequest?.(request);
    return {
      ...match,
      call: { tenant, request, params: match.params, ...(instance === undefined ? {} : { instance }) },
    };
  }

  #nextRequestId(): string {
    this.#requests += 1;
    return Buffer.from(this.#options.tenant.state.derive(`request/${this.#requests}`), 'base64')
      .subarray(0, 12)
      .toString('hex');
  }
}

function commit({ route, call }: Operation): Answer {
  return route.handle(call);
}

function respond(outgoing: ServerResponse, answer: Answer): void {
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
  outgoing.writeHead(answer.status, {
    ...(text === '' ? {} : { 'content-type': 'application/json;charset=UTF-8' }),
    'content-length': Buffer.byteLength(text),
    ...answer.headers,
  });
  outgoing.end(text);
}

/** Bugs of the sandbox become a 500 that shows them: its users are its testers. */
function toErrorAnswer(error: unknown, requestId: string): Answer {
  const known =
    error instanceof ApiError ? error : new ApiError(500, error instanceof Error ? error.message : String(error));
  return {
    status: known.status,
    body: {
      message: known.message,
      requestId,
      ...(known.providerMessage === undefined ? {} : { providerMessage: known.providerMessage }),
    },
  };
}
