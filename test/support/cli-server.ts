import { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { HostedEnd, HostedOptions } from './cli-host.ts';

/** A command in this process that serves until it is interrupted. */
export interface HostedServer {
  /** Where it says that it can be reached. */
  readonly url: string;
  readonly written: Readonly<Record<'stdout' | 'stderr', string>>;
  /** Interrupts it. */
  readonly stop: () => Promise<HostedEnd>;
}

/** Starts a command that serves, and waits until it names its address. It ends with the test. */
export async function startHosted(words: readonly string[], { cwd, env }: HostedOptions): Promise<HostedServer> {
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const saying: { say?: (url: string) => void } = {};
  const said = new Promise<string>((resolve) => {
    saying.say = resolve;
  });
  const outputTo = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
      const url = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(written[name])?.[0];
      if (url !== undefined) saying.say?.(url);
    },
    screen: undefined,
  });
  const ended = run(words, {
    cwd,
    env: { ...env },
    stdin: { open: () => Readable.from([]), isTerminal: false },
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    listenForSignals: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    exit: () => {},
  });
  const stop = async (): Promise<HostedEnd> => {
    for (const listener of listeners) listener();
    return { code: await ended, ...written };
  };
  onTestFinished(async () => void (await stop()));
  const early = ended.then((code): never => {
    throw new Error(`It ended with ${code}: ${written.stderr}`);
  });
  return { url: await Promise.race([said, early]), written, stop };
}
