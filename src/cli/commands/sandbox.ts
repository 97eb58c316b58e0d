import path from 'node:path';
import { type ExitCode, exitCodes } from '../../operation/result.ts';
import { visible } from '../../model/visible.ts';
import type { InjectedFault } from '../../sandbox/faults/fault-rule.ts';
import { sandboxCredentials, startSandbox } from '../../sandbox/sandbox.ts';
import { type GlobalOptions, toTerminal } from '../command-options.ts';
import type { Host } from '../host.ts';
import { readFaults } from '../read-faults.ts';

interface SandboxCommandOptions extends GlobalOptions {
  readonly port: number;
  readonly latency: number;
  readonly data?: string;
  readonly fault?: readonly string[];
  readonly faultSeed?: string;
}

/** `connectorctl sandbox`: serves until it is interrupted. */
export async function runSandboxServer(options: SandboxCommandOptions, host: Host): Promise<ExitCode> {
  const terminal = toTerminal(host, options);
  const { port, latency, data, fault = [], faultSeed } = options;
  const sandbox = await startSandbox({
    port,
    latency,
    faults: readFaults(fault),
    onFault: (injected) => terminal.note(renderInjected(injected)),
    ...(data === undefined ? {} : { dataFile: path.resolve(host.cwd, data) }),
    ...(faultSeed === undefined ? {} : { faultSeed }),
  });
  terminal.out(
    [
      `Sandbox platform on ${sandbox.url}`,
      `  CONNECTORCTL_USER_SECRET=${sandboxCredentials.userSecret}`,
      `  CONNECTORCTL_ORGANIZATION_SECRET=${sandboxCredentials.organizationSecret}`,
      'Press Ctrl-C to stop it.',
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    // Whoever cannot wait for the end interrupts once more.
    const stop = host.listenForSignals(() => {
      stop();
      resolve();
    });
  });
  await sandbox.close();
  return exitCodes.done;
}

function renderInjected({ kind, method, path: where, effect }: InjectedFault): string {
  return `fault ${kind}  ${method} ${visible(where)}  ${effect}\n`;
}
