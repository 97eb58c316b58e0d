import { type OperationPorts, sleep } from '../operation/operation-ports.ts';
import { planWords } from '../report/plan/plan-codes.ts';
import type { Host } from './host.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

export interface PortOptions {
  readonly verbose: boolean;
  readonly signal?: AbortSignal;
}

/** What operations may know of the host. */
export function hostPorts(host: Host, terminal: Terminal, { verbose, signal }: PortOptions): OperationPorts {
  return {
    cwd: host.cwd,
    env: host.env,
    toolVersion: version,
    words: planWords,
    startSandbox: async (dataFile) => (await import('../sandbox/sandbox.ts')).runSandbox(dataFile),
    notice: (text) => terminal.note(`${text}\n`),
    sleep,
    random: Math.random,
    now: () => performance.now(),
    date: () => new Date(),
    ...(verbose ? { logRequest: (line: string) => terminal.note(`${line}\n`) } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}
