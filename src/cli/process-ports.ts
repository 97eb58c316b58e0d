import { setTimeout as sleepFor } from 'node:timers/promises';
import type { OperationPorts } from '../operation/operation-ports.ts';
import { runSandbox } from './run-sandbox.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

export interface PortOptions {
  readonly verbose: boolean;
  readonly signal?: AbortSignal;
}

/** What operations may know of this process. */
export function processPorts(terminal: Terminal, { verbose, signal }: PortOptions): OperationPorts {
  return {
    cwd: process.cwd(),
    env: process.env,
    toolVersion: version,
    startSandbox: runSandbox,
    notice: (text) => terminal.note(`${text}\n`),
    sleep,
    random: Math.random,
    now: () => performance.now(),
    date: () => new Date(),
    ...(verbose ? { logRequest: (line: string) => terminal.note(`${line}\n`) } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
}

async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleepFor(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
