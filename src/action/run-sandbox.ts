import { Secret } from '../model/secret.ts';
import type { RunningSandbox } from '../operation/operation-ports.ts';

/** Starts the embedded platform in this process, on a free port of the loopback interface. */
export async function runSandbox(dataFile: string): Promise<RunningSandbox> {
  const { sandboxCredentials, startSandbox } = await import('../sandbox/sandbox.ts');
  const sandbox = await startSandbox({ dataFile });
  return {
    baseUrl: sandbox.url,
    userSecret: new Secret(sandboxCredentials.userSecret, 'the sandbox'),
    organizationSecret: new Secret(sandboxCredentials.organizationSecret, 'the sandbox'),
    close: () => sandbox.close(),
  };
}
