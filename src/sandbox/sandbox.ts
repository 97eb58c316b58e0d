import { createServer } from 'node:http';
import type { Server } from 'node:http';

import { UserError } from '../model/user-error.ts';
import { toControls } from './controls.ts';
import type { SandboxControls } from './controls.ts';
import { sandboxCredentials } from './credentials.ts';
import type { SandboxRequest } from './exchange.ts';
import { Pipeline } from './pipeline.ts';
import { defaultQuirks } from './quirks.ts';
import type { Quirks } from './quirks.ts';
import { basePath } from './read-request.ts';
import { toRouter } from './router.ts';
import { routes } from './routes/routes.ts';
import { SandboxState } from './state/sandbox-state.ts';
import { Tenant } from './tenant.ts';

export { sandboxCredentials };

const loopback = '127.0.0.1';

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
  readonly quirks?: Partial<Quirks>;
  /** From which tokens are derived, so that two runs give the same ones. A data file keeps the one it began with. */
  readonly seed?: string;
  /** Sees every request that was let in and found its route, before it is carried out. If it throws, the answer is 500. */
  readonly onRequest?: (request: SandboxRequest) => void;
}

/** A running sandbox. */
export interface Sandbox extends SandboxControls {
  /** `http://127.0.0.1:PORT/elements/api-v2`. */
  readonly url: string;
  readonly port: number;
  /** Ends connections, and gives the data file back. */
  close(): Promise<void>;
}

/**
 * Starts the embedded platform on the loopback address: a real HTTP server that behaves as platform-api.md says (design §9).
 * Throws a UserError when the port is taken, or when the data file is damaged or in use.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const tenant = openTenant(options);
  const pipeline = new Pipeline({
    tenant,
    router: toRouter(routes),
    latency: options.latency ?? 0,
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
  });
  const server = createServer({ keepAliveTimeout }, (incoming, outgoing) => {
    // Rejects only when the client hung up while it was sending: there is nobody to answer.
    pipeline.serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  try {
    const port = await listen(server, options.port ?? 0);
    return {
      url: `http://${loopback}:${port}${basePath}`,
      port,
      close: () => close(server, tenant),
      ...toControls(tenant),
    };
  } catch (error) {
    tenant.state.close();
    throw error;
  }
}

function openTenant(options: SandboxOptions): Tenant {
  return new Tenant({
    state: new SandboxState({
      seed: options.seed ?? 'sandbox',
      ...(options.dataFile === undefined ? {} : { file: options.dataFile }),
    }),
    credentials: {
      userSecret: options.userSecret ?? sandboxCredentials.userSecret,
      organizationSecret: options.organizationSecret ?? sandboxCredentials.organizationSecret,
    },
    quirks: { ...defaultQuirks, ...options.quirks },
    clock: options.clock ?? (() => new Date()),
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

async function close(server: Server, tenant: Tenant): Promise<void> {
  await new Promise<void>((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
  tenant.state.close();
}
