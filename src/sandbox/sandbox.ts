import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../model/user-error.ts';
import { type SandboxControls, toControls } from './controls.ts';
import { sandboxCredentials } from './credentials.ts';
import type { SandboxRequest } from './exchange.ts';
import type { Fault, InjectedFault } from './faults/fault.ts';
import { FaultInjector, PendingCommits, type Sleep } from './faults/injector.ts';
import { Pipeline } from './pipeline.ts';
import { defaultQuirks, type Quirks } from './quirks.ts';
import { basePath } from './read-request.ts';
import { toRouter } from './router.ts';
import { routes } from './routes/routes.ts';
import { SandboxState } from './state/sandbox-state.ts';
import { Tenant } from './tenant.ts';

export { sandboxCredentials };

const loopback = '127.0.0.1';

const defaultSeed = 'sandbox';

const realClock = (): Date => new Date();

const realSleep: Sleep = (milliseconds, signal) =>
  delay(milliseconds, undefined, signal === undefined ? {} : { signal });

/** Milliseconds. Long, so that a client does not send into a connection that is just being closed. */
const keepAliveTimeout = 60_000;

export interface SandboxOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /**
   * Where instances are kept, mode 0600; absent: memory only. The file holds the instances' tokens and configuration in clear,
   * secrets included: they are the sandbox's own, and what a user typed into it.
   */
  readonly dataFile?: string;
  readonly userSecret?: string;
  readonly organizationSecret?: string;
  /** Milliseconds added to each answer. Default 0. */
  readonly latency?: number;
  /** Default: the real time. */
  readonly clock?: () => Date;
  /** Waits for latency and slow commits, in milliseconds. Must not resolve early. Default: real timers. */
  readonly sleep?: Sleep;
  readonly quirks?: Partial<Quirks>;
  /** From which tokens are derived, so that two runs give the same ones. A data file keeps the one it began with. */
  readonly seed?: string;
  /** Sees every request that was let in and found its route, before it is carried out or meets a fault. If it throws, the answer is 500. */
  readonly onRequest?: (request: SandboxRequest) => void;
  /** What goes wrong from the beginning. They strike only requests that were let in and found their route. */
  readonly faults?: readonly Fault[];
  /** From which their chance is drawn. Default: `seed`. */
  readonly faultSeed?: string;
  /** Sees every fault when it strikes. */
  readonly onFault?: (injected: InjectedFault) => void;
}

/** A running sandbox. */
export interface Sandbox extends SandboxControls {
  /** `http://127.0.0.1:PORT/elements/api-v2`. */
  readonly url: string;
  readonly port: number;
  /** Serves a request that comes another way than over the socket. Rejects when the sandbox ends before its answer. */
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
  const tenant = openTenant(options);
  const sleep = options.sleep ?? realSleep;
  const pending = new PendingCommits(sleep);
  const result = new AbortController();
  const pipeline = new Pipeline({
    tenant,
    router: toRouter(routes),
    latency: options.latency ?? 0,
    faults,
    pending,
    sleep: (milliseconds) => sleep(milliseconds, result.signal),
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
  });
  const server = createServer({ keepAliveTimeout }, (incoming, outgoing) => {
    // Rejects only when the client hung up while it was sending, or when the sandbox ends: there is nobody to answer.
    pipeline.serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  try {
    const port = await listen(server, options.port ?? 0);
    return {
      url: `http://${loopback}:${port}${basePath}`,
      port,
      serve: (incoming, outgoing) => pipeline.serve(incoming, outgoing),
      close: async () => {
        await endConnections(server);
        pending.settle();
        result.abort();
        tenant.state.close();
      },
      ...toControls(tenant, { faults, pending }),
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
  const injector = new FaultInjector({
    seed: faultSeed ?? seed,
    clock,
    ...(onFault === undefined ? {} : { onFault }),
  });
  injector.set(faults);
  return injector;
}

function openTenant(options: SandboxOptions): Tenant {
  return new Tenant({
    state: new SandboxState({
      seed: options.seed ?? defaultSeed,
      ...(options.dataFile === undefined ? {} : { file: options.dataFile }),
    }),
    credentials: {
      userSecret: options.userSecret ?? sandboxCredentials.userSecret,
      organizationSecret: options.organizationSecret ?? sandboxCredentials.organizationSecret,
    },
    quirks: { ...defaultQuirks, ...options.quirks },
    clock: options.clock ?? realClock,
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

async function endConnections(server: Server): Promise<void> {
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
