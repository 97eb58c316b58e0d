import { onTestFinished } from 'vitest';

import { sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { toClient } from '../conformance/tenant-client.ts';
import type { TenantClient } from '../conformance/tenant-client.ts';

export interface OpenSandbox {
  readonly sandbox: Sandbox;
  readonly call: TenantClient;
}

/** A sandbox that ends with the test, and a plain HTTP client for it. */
export async function openSandbox(options: SandboxOptions = {}): Promise<OpenSandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return { sandbox, call: toClient({ baseUrl: sandbox.url, ...sandboxCredentials }) };
}

/** Configuration of a ShareFile instance with all that is required. */
export const sharefileConfiguration = {
  'oauth.api.key': 'client-id',
  'oauth.api.secret': 'client-secret',
  'oauth.callback.url': 'https://app.example.com/oauth',
  'sharefile.subdomain': 'example',
};

/** Body of POST /instances for ShareFile. */
export function sharefileBody(fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    element: { key: 'sharefile' },
    name: 'ShareFile',
    configuration: sharefileConfiguration,
    providerData: { code: 'code-1' },
    ...fields,
  };
}
