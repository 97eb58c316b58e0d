import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret } from '../model/secret.ts';
import type { Connector } from '../model/connector.ts';
import { UserError } from '../model/user-error.ts';
import { buildControls, type SandboxControls } from './controls.ts';
import type { SandboxCredentials } from './authorization.ts';
import type { EventOptions } from './events/event-desk.ts';
import { EventService } from './events/event-service.ts';
import { type PostNotification, postToLoopback } from './events/post-notification.ts';
import type { FaultRule, InjectedFault } from './faults/fault-rule.ts';
import { FaultInjector } from './faults/injector.ts';
import { isRefused } from './instance/authorise.ts';
import { PendingCommits, Pipeline, type Sleep } from './pipeline.ts';
import type { KnownConnectors } from './catalogue/known-connectors.ts';
import { defaultQuirks, type Quirks } from './quirks.ts';
import { basePath } from './read-request.ts';
import { buildRouter, type SandboxRequest } from './route.ts';
import { routes } from './routes/routes.ts';
import { SandboxState } from './state/sandbox-state.ts';
import { Tenant } from './tenant.ts';

/**
 * What the sandbox accepts unless told otherwise. They open nothing but a server on this machine.
 * They hold `/`, `+` and `=`, as real ones may (platform-api §2), so that a client that trims or encodes them is found out.
 */
export const sandboxCredentials: SandboxCredentials = {
  userSecret: 'sandbox/user+secret=',
  organizationSecret: 'sandbox/organization+secret=',
};

const loopback = '127.0.0.1';

const defaultSeed = 'sandbox';

const realClock = (): Date => new Date();

const realSleep: Sleep = (milliseconds, signal) => delay(milliseconds, undefined, { signal });

/** Milliseconds. Long, so that a client does not send into a connection that is just being closed. */
const keepAliveTimeout = 60_000;

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /**
   * Where instances are kept, mode 0600; absent: memory only. The file holds the instances' tokens and configuration in clear,
   * secrets included: they are the sandbox's own, and what a user typed into it.
   */
  readonly dataFile?: string | undefined;
  readonly userSecret?: string;
  readonly organizationSecret?: string;
  /** Milliseconds added to each response. Default 0. */
  readonly latency?: number;
  /** Default: the real time. */
  readonly clock?: () => Date;
  /** Waits for latency and slow commits, in milliseconds. Must not resolve early. Default: real timers. */
  readonly sleep?: Sleep;
  readonly quirks?: Partial<Quirks>;
  /** From which tokens are derived, so that two runs give the same ones. A data file keeps the one it began with. */
  readonly seed?: string;
  /** Sees every authenticated request that matched a route, before it is carried out or a fault is injected. If it throws, the response is 500. */
  readonly onRequest?: ((request: SandboxRequest) => void) | undefined;
  /** What goes wrong from the beginning. Only authenticated requests that match a route are concerned. */
  readonly faults?: readonly FaultRule[];
  /** Further connectors, which count before those that are built in. */
  readonly connectors?: readonly Connector[] | undefined;
  /** Seed of what the faults leave to chance. Default: `seed`. */
  readonly faultSeed?: string | undefined;
  /** How events go; none is sent, and nobody polls, unless `ticks` is set or a test lets time pass. */
  readonly events?: EventOptions | undefined;
  /** True: pollers tick and notifications are sent by themselves, in real time. */
  readonly ticks?: boolean | undefined;
  /** Default: to this machine only. */
  readonly postNotification?: PostNotification | undefined;
  /** Sees every fault when it is injected. */
  readonly onFault?: ((injected: InjectedFault) => void) | undefined;
}

/** A running sandbox. */
export interface Sandbox extends SandboxControls {
  /** `http://127.0.0.1:PORT/elements/api-v2`. */
  readonly url: string;
  readonly port: number;
  /** Serves a request that comes another way than over the socket. Rejects when the sandbox ends before the response. */
  serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void>;
  /** Ends connections, carries out all that waits for a slow commit, and gives the data file back. */
  close(): Promise<void>;
}

/**
 * Starts the embedded platform on the loopback address: a real HTTP server that behaves as platform-api.md says (design §9).
 * Throws a UserError when the port is taken, or when the data file is damaged or in use.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const faults = createInjector(options);
  // Of the commands, few need it, and it is large.
  const { knownConnectors } = await import('./catalogue/known-connectors.ts');
  const tenant = openTenant(options, knownConnectors(options.connectors));
  const sleep = options.sleep ?? realSleep;
  const pending = new PendingCommits(sleep);
  const events = new EventService({
    ...options.events,
    tenant,
    post: options.postNotification ?? postToLoopback,
    isTurnedAway: ({ disabled, valid, connector, configuration }) =>
      disabled || !valid || isRefused(tenant, tenant.connector(connector), configuration),
  });
  const closing = new AbortController();
  // Each response that waits listens to it.
  setMaxListeners(0, closing.signal);
  const pipeline = new Pipeline({
    tenant,
    events,
    router: buildRouter(routes),
    latency: options.latency ?? 0,
    faults,
    pending,
    sleep: (milliseconds) => sleep(milliseconds, closing.signal),
    onRequest: options.onRequest,
  });
  const server = createServer({ keepAliveTimeout }, (incoming, outgoing) => {
    // Rejects only when the client hung up while it was sending, or when the sandbox ends: nobody waits for a response.
    pipeline.serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  try {
    const port = await listen(server, options.port ?? 0);
    const ticking = options.ticks === true ? tick(events) : undefined;
    return {
      url: `http://${loopback}:${port}${basePath}`,
      port,
      serve: (incoming, outgoing) => pipeline.serve(incoming, outgoing),
      close: async () => {
        clearInterval(ticking);
        await endConnections(server);
        pending.settle();
        closing.abort();
        tenant.state.close();
      },
      ...buildControls(tenant, { faults, pending, events }),
    };
  } catch (error) {
    tenant.state.close();
    throw error;
  }
}

function createInjector({
  faults = [],
  faultSeed,
  seed = defaultSeed,
  clock = realClock,
  onFault,
}: SandboxOptions): FaultInjector {
  const injector = new FaultInjector({ seed: faultSeed ?? seed, clock, onFault });
  injector.set(faults);
  return injector;
}

function openTenant(options: SandboxOptions, connectors: KnownConnectors): Tenant {
  const clock = options.clock ?? realClock;
  return new Tenant({
    state: new SandboxState({
      seed: options.seed ?? defaultSeed,
      file: options.dataFile,
      now: () => clock().getTime(),
    }),
    credentials: {
      userSecret: options.userSecret ?? sandboxCredentials.userSecret,
      organizationSecret: options.organizationSecret ?? sandboxCredentials.organizationSecret,
    },
    quirks: { ...defaultQuirks, ...options.quirks },
    clock,
    connectors,
  });
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', (cause) => {
      const code = 'sandbox-port-unavailable';
      fail(new UserError(code, `The sandbox cannot listen on port ${port}.`, { hint: 'Choose another one.', cause }));
    });
    server.listen(port, loopback, done);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Milliseconds between two looks at what is due. */
const tickInterval = 100;

function tick(events: EventService): NodeJS.Timeout {
  return setInterval(() => void events.run(), tickInterval);
}

async function endConnections(server: Server): Promise<void> {
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

/** The embedded platform, reachable. */
interface SandboxAccess {
  readonly baseUrl: string;
  readonly userSecret: Secret;
  readonly organizationSecret: Secret;
  close(): Promise<void>;
}

/** Starts the embedded platform in this process, on a free port of the loopback interface. */
export async function runSandbox(dataFile: string): Promise<SandboxAccess> {
  const sandbox = await startSandbox({ dataFile });
  return {
    baseUrl: sandbox.url,
    userSecret: new Secret(sandboxCredentials.userSecret, 'the sandbox'),
    organizationSecret: new Secret(sandboxCredentials.organizationSecret, 'the sandbox'),
    close: () => sandbox.close(),
  };
}
