import { Secret } from '../model/secret.ts';
import { sandboxCredentials, startSandbox } from './sandbox.ts';

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
