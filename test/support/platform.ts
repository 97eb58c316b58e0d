import { onTestFinished } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Answer, ReceivedRequest } from './http-server.ts';
import { startServer } from './http-server.ts';

/** A sandbox in this process with a door in front of it that sees every request, let in or not. */
export interface TestPlatform {
  readonly sandbox: Sandbox;
  /** `http://127.0.0.1:PORT` of the door. */
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  /** Requests that are no reads, as `POST /elements/api-v2/instances`. */
  writes(): readonly string[];
  /** Ends early, for a test in which nobody answers. */
  close(): Promise<void>;
}

export interface PlatformOptions extends Pick<
  SandboxOptions,
  'quirks' | 'clock' | 'connectors' | 'userSecret' | 'organizationSecret'
> {
  /** Answers in place of the sandbox; undefined leaves the request to it. */
  readonly before?: ((request: ReceivedRequest) => Answer | undefined | Promise<Answer | undefined>) | undefined;
}

/** Starts a platform that ends with the test that started it. */
export async function startPlatform({ before, ...options }: PlatformOptions = {}): Promise<TestPlatform> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const server = await startServer(
    async (request) => (await before?.(request)) ?? (await forward(request, sandbox.port)),
  );
  const { origin, requests } = server;
  const writes = () => requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  return { sandbox, origin, requests, writes, close: () => server.close() };
}

/** Hands a request on to the sandbox, and gives its answer back. */
export async function forward({ method, path, query, headers, body }: ReceivedRequest, port: number): Promise<Answer> {
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  const sent = ['authorization', 'content-type', 'accept'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const response = await fetch(`http://127.0.0.1:${port}${path}${search}`, {
    method,
    headers: Object.fromEntries(sent),
    redirect: 'manual',
    ...(body === '' ? {} : { body }),
  });
  const kept = [...response.headers].filter(([name]) => name === 'content-type' || name.startsWith('elements-'));
  return { status: response.status, headers: Object.fromEntries(kept), body: await response.text() };
}

/** Process environment with the credentials that the sandbox accepts. */
export const credentials = {
  CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1',
  CONNECTORCTL_USER_SECRET: sandboxCredentials.userSecret,
  CONNECTORCTL_ORGANIZATION_SECRET: sandboxCredentials.organizationSecret,
} as const;

/** A workspace file of which the default environment is remote and may lose all instances, and another one is embedded. */
export function remoteWorkspace(baseUrl: string, vars: Readonly<Record<string, string>> = {}): string {
  const limits = { maxDelete: 100, maxDeletePercent: 100 };
  const environments = { test: { baseUrl, vars, prune: true, limits }, other: { platform: 'sandbox', vars } };
  return JSON.stringify({ version: 1, workspace: 'acme', defaultEnvironment: 'test', environments });
}
