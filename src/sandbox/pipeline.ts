import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from './authorization.ts';
import type { Page } from './html-page.ts';
import { deliver, type Delivery, whole } from './delivery.ts';
import { withHabits } from './faults/habit.ts';
import { injectFault } from './faults/inject-fault.ts';
import type { FaultInjector, RequestFaults } from './faults/injector.ts';
import { isForProvider, serveConsent } from './consent/serve-consent.ts';
import { belowBasePath, parseRequest, type RawRequest, readRequest } from './read-request.ts';
import {
  respondWithError,
  type RouteCall,
  type RouteMatch,
  type Router,
  type SandboxRequest,
  type SandboxResponse,
} from './route.ts';
import type { EventService } from './events/event-service.ts';
import { isEventsPage, serveEventsPage } from './events/serve-events-page.ts';
import type { Tenant } from './tenant.ts';

interface PipelineOptions {
  readonly tenant: Tenant;
  readonly events: EventService;
  readonly router: Router;
  /** Milliseconds added to each response. */
  readonly latency: number;
  readonly faults: FaultInjector;
  readonly pending: PendingCommits;
  /** Waits so many milliseconds; may reject when the sandbox ends. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly onRequest?: ((request: SandboxRequest) => void) | undefined;
}

/** An authenticated request that matched a route; nothing has happened yet. */
type RoutedRequest = RouteMatch & { readonly call: RouteCall };

interface DelayedDelivery {
  readonly delivery: Delivery;
  /** Milliseconds by which a fault holds it back. */
  readonly delay: number;
}

/**
 * The way of every request.
 *
 * 0. A browser that comes to a page for people, of a provider's consent or of events, gets that, and nothing below concerns it.
 * 1. Read it, authenticate the caller, find its route.
 * 2. Ask which faults are injected into it.
 * 3. Carry it out: only this changes the tenant, in one go. Before it a fault loses the request, after it only the response.
 * 4. Wait for latency, and deliver what the client gets.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  #requests = 0;

  constructor(options: PipelineOptions) {
    this.#options = options;
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const requestId = this.#nextRequestId();
    const { delivery, delay } = await this.#respond(incoming, requestId);
    const wait = this.#options.latency + delay;
    if (wait > 0) await this.#options.sleep(wait);
    deliver(outgoing, delivery, requestId);
  }

  async #respond(incoming: IncomingMessage, requestId: string): Promise<DelayedDelivery> {
    try {
      const raw = await readRequest(incoming);
      const page = await this.#servePage(raw);
      if (page !== undefined) return { delivery: { kind: 'page', page }, delay: 0 };
      const routed = this.#route(belowBasePath(raw));
      const faults = this.#options.faults.match(routed.route, routed.call);
      if (faults === undefined) return { delivery: whole(routed.route.handle(routed.call)), delay: 0 };
      return { delivery: await this.#carryOutWith(faults, routed, requestId), delay: faults.delay };
    } catch (error) {
      return { delivery: whole(respondWithError(error, requestId)), delay: 0 };
    }
  }

  #servePage(raw: RawRequest): Page | Promise<Page> | undefined {
    const { tenant, events } = this.#options;
    if (isForProvider(raw.path)) return serveConsent(tenant, raw);
    return isEventsPage(raw.path) ? serveEventsPage(tenant, events, raw) : undefined;
  }

  /** The caller is checked first: nobody else learns which paths exist. */
  #route(raw: RawRequest): RoutedRequest {
    const { tenant, events, router, onRequest } = this.#options;
    const { authorization } = raw.headers;
    const instance = this.#isOpen(raw) ? undefined : authenticate(String(authorization ?? ''), tenant);
    const match = router(raw.method, raw.path);
    const request = parseRequest(raw);
    onRequest?.(request);
    return { ...match, call: { tenant, events, request, params: match.params, instance } };
  }

  /** Whether a request without credentials is let through. */
  #isOpen({ method, path, headers }: RawRequest): boolean {
    if (headers['authorization'] !== undefined) return false;
    try {
      return this.#options.router(method, path).route.isOpen === true;
    } catch {
      return false;
    }
  }

  #carryOutWith(
    { habits, injection }: RequestFaults,
    routed: RoutedRequest,
    requestId: string,
  ): Delivery | Promise<Delivery> {
    const { call } = routed;
    const handle = withHabits(habits, routed.route.handle);
    const respond = (work: () => SandboxResponse): SandboxResponse => {
      try {
        return work();
      } catch (error) {
        return respondWithError(error, requestId);
      }
    };
    const carryOut = (one: RouteCall): SandboxResponse => respond(() => handle(one));
    if (injection === undefined) return whole(carryOut(call));

    const carryOutLater = (milliseconds: number): Promise<SandboxResponse> =>
      this.#options.pending.add(milliseconds, () => respond(() => carryOut(authenticateAgain(call))));
    const delivery = injectFault(injection, { call, carryOut, carryOutLater, requestId });
    if (delivery === undefined) return whole(carryOut(call));
    injection.report();
    return delivery;
  }

  #nextRequestId(): string {
    this.#requests += 1;
    return Buffer.from(this.#options.tenant.state.derive(`request/${this.#requests}`), 'base64')
      .subarray(0, 12)
      .toString('hex');
  }
}

/** The instance of a token may have changed, or be gone, since the request came. */
function authenticateAgain(call: RouteCall): RouteCall {
  const { authorization } = call.request.headers;
  if (authorization === undefined) return call;
  const instance = authenticate(String(authorization), call.tenant);
  return instance === undefined ? call : { ...call, instance };
}

export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** Requests that will be carried out later. */
export class PendingCommits {
  readonly #sleep: Sleep;
  readonly #pending = new Set<() => void>();

  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  /** Commits when the time has come, or when `settle` is called. */
  add<T>(milliseconds: number, commit: () => T): Promise<T> {
    return new Promise((resolve) => {
      const waiting = new AbortController();
      const run = (): void => {
        if (!this.#pending.delete(run)) return;
        waiting.abort();
        resolve(commit());
      };
      this.#pending.add(run);
      // However the wait ends, the request was accepted and must be carried out.
      this.#sleep(milliseconds, waiting.signal).then(run, run);
    });
  }

  /** Commits all at once, in the order in which they arrived. */
  settle(): void {
    for (const run of this.#pending) run();
  }
}
