import { type OperationPorts, sleep } from '../operation/operation-ports.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

interface PortOptions {
  readonly verbose: boolean;
  readonly signal?: AbortSignal;
}

/** What operations may know of this process. */
export function processPorts(terminal: Terminal, { verbose, signal }: PortOptions): OperationPorts {
  return {
    cwd: process.cwd(),
    env: process.env,
    toolVersion: version,
    startSandbox: async (dataFile) => (await import('../sandbox/run-sandbox.ts')).runSandbox(dataFile),
    notice: (text) => terminal.note(`${text}\n`),
    sleep,
    random: Math.random,
    now: () => performance.now(),
    date: () => new Date(),
    ...(verbose ? { logRequest: (line: string) => terminal.note(`${line}\n`) } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}
