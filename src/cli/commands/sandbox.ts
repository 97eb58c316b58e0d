import path from 'node:path';
import { UserError } from '../../model/user-error.ts';
import { readElementFile } from '../../operation/read-element-file.ts';
import { type ExitCode, exitCodes } from '../../operation/exit-code.ts';
import { allowLine } from '../../model/base-url.ts';
import { visible } from '../../model/visible.ts';
import { eventsPagePath } from '../../sandbox/events/serve-events-page.ts';
import { faultKinds } from '../../sandbox/faults/fault-kinds.ts';
import type { FaultRule, InjectedFault } from '../../sandbox/faults/fault-rule.ts';
import { parseFaults } from '../../sandbox/faults/parse-faults.ts';
import { routes } from '../../sandbox/routes/routes.ts';
import { sandboxCredentials, startSandbox } from '../../sandbox/sandbox.ts';
import type { Host } from '../host.ts';
import { type GlobalFlags, terminalOf } from '../open-command.ts';
import { generalVariables } from '../../model/own-variables.ts';

interface SandboxFlags extends GlobalFlags {
  readonly port: number;
  readonly latency: number;
  readonly eventSpeed: number;
  readonly eventRetries: 'nine' | 'five';
  readonly eventPolicy: 'retry' | 'queue';
  readonly pollFailures: number;
  readonly data?: string | undefined;
  readonly element?: readonly string[] | undefined;
  readonly fault?: readonly string[] | undefined;
  readonly faultSeed?: string | undefined;
}

/** `connectorctl sandbox`: serves until it is interrupted. */
export async function runSandboxServer(flags: SandboxFlags, host: Host): Promise<ExitCode> {
  const terminal = terminalOf(flags, host);
  const { port, latency, data, element = [], fault = [], faultSeed } = flags;
  const sandbox = await startSandbox({
    port,
    latency,
    events: {
      speed: Math.max(1, flags.eventSpeed),
      retries: flags.eventRetries,
      policy: flags.eventPolicy,
      pollFailures: flags.pollFailures,
      leavesFormer: true,
    },
    ticks: true,
    faults: readFaults(fault),
    onFault: (injected) => terminal.note(renderInjected(injected)),
    dataFile: data === undefined ? undefined : path.resolve(host.cwd, data),
    faultSeed,
    connectors: element.map((file) => readElementFile(file, host.cwd)),
  });
  terminal.out(
    [
      `Sandbox platform on ${sandbox.url}`,
      `  ${generalVariables.userSecret}=${sandboxCredentials.userSecret}`,
      `  ${generalVariables.organizationSecret}=${sandboxCredentials.organizationSecret}`,
      `  ${allowLine(new URL(sandbox.url))}`,
      `Events: ${new URL(eventsPagePath, sandbox.url).href} makes objects of the providers and shows deliveries; callbacks on this machine get them.`,
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

/** The faults of the command line. Throws a UserError that names every mistake in them. */
function readFaults(specs: readonly string[]): readonly FaultRule[] {
  if (specs.length === 0) return [];
  const { faults, problems } = parseFaults(specs, routes);
  if (problems.length === 0) return faults;
  throw new UserError(
    'invalid-fault',
    problems.length === 1 ? 'There is an error in --fault.' : `There are ${problems.length} errors in --fault.`,
    {
      kind: 'invalid',
      hint: [...problems, `Kinds: ${Object.keys(faultKinds).join(', ')}.`, 'See: connectorctl sandbox --help'].join(
        '\n',
      ),
    },
  );
}
