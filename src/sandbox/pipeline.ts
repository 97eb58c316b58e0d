import type { IncomingMessage, ServerResponse } from 'node:http';
import { toErrorAnswer } from './error-answer.ts';
import { authenticate } from './authorization.ts';
import { deliver, type Delivery, whole } from './delivery.ts';
import type { Answer, Call, SandboxRequest } from './exchange.ts';
import type { Fate, FaultInjector, PendingCommits } from './faults/injector.ts';
import { strike } from './faults/strike.ts';
import { parseRequest, type RawRequest, readRequest } from './read-request.ts';
import type { Match, Router } from './router.ts';
import type { Tenant } from './tenant.ts';

interface PipelineOptions {
  readonly tenant: Tenant;
  readonly router: Router;
  /** Milliseconds added to each answer. */
  readonly latency: number;
  readonly faults: FaultInjector;
  readonly pending: PendingCommits;
  /** Waits so many milliseconds; may reject when the sandbox ends. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly onRequest?: (request: SandboxRequest) => void;
}

/** A request that was let in and found its route; nothing has happened yet. */
type Operation = Match & { readonly call: Call };

interface Outcome {
  readonly delivery: Delivery;
  /** Milliseconds by which a fault holds it back. */
  readonly delay: number;
}

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
    const { delivery, delay } = await this.#answer(incoming, requestId);
    const wait = this.#options.latency + delay;
    if (wait > 0) await this.#options.sleep(wait);
    deliver(outgoing, delivery, requestId);
  }

  async #answer(incoming: IncomingMessage, requestId: string): Promise<Outcome> {
    try {
      const operation = this.#route(await readRequest(incoming));
      const fate = this.#options.faults.meet(operation.route, operation.call);
      if (fate === undefined) return { delivery: whole(commit(operation)), delay: 0 };
      return { delivery: await this.#suffer(fate, operation, requestId), delay: fate.delay };
    } catch (error) {
      return { delivery: whole(toErrorAnswer(error, requestId)), delay: 0 };
    }
  }

  #suffer({ isListed, strike: blow }: Fate, operation: Operation, requestId: string): Delivery | Promise<Delivery> {
    const call = isListed === undefined ? operation.call : { ...operation.call, isListed };
    const carryOut = (one: Call): Answer => {
      try {
        return commit({ ...operation, call: one });
      } catch (error) {
        return toErrorAnswer(error, requestId);
      }
    };
    if (blow === undefined) return whole(carryOut(call));

    const carryOutLater = (milliseconds: number): Promise<Answer> =>
      this.#options.pending.add(milliseconds, () => {
        try {
          return carryOut(admitAgain(call));
        } catch (error) {
          return toErrorAnswer(error, requestId);
        }
      });
    const delivery = strike(blow, { call, carryOut, carryOutLater, requestId });
    if (delivery === undefined) return whole(carryOut(call));
    blow.report();
    return delivery;
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

/** The instance of a token may have changed, or be gone, since the request came. */
function admitAgain(call: Call): Call {
  const instance = authenticate(String(call.request.headers['authorization'] ?? ''), call.tenant);
  return instance === undefined ? call : { ...call, instance };
}
