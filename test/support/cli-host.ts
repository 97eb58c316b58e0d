import { Readable } from 'node:stream';
import { run } from '../../src/cli/run.ts';

/** What a command came to. */
export interface HostedEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostedOptions {
  readonly cwd: string;
  /** The whole environment: nothing of this process is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | undefined;
  /** True: a person looks at the results, on a screen of 100 columns. */
  readonly isWatched?: boolean | undefined;
  /** Told of what is written to the error output, while it runs. */
  readonly onError?: ((text: string) => void) | undefined;
}

/** Runs a command line in this process as if it had one of its own, away from any terminal unless somebody looks on. */
export async function runHosted(words: readonly string[], options: HostedOptions): Promise<HostedEnd> {
  const { cwd, env, stdin = '', isWatched = false, onError } = options;
  const written = { stdout: '', stderr: '' };
  const outputTo = (name: keyof typeof written) => ({
    write: (text: string): void => {
      written[name] += text;
      if (name === 'stderr') onError?.(text);
    },
    screen: isWatched && name === 'stdout' ? aScreen() : undefined,
  });
  const code = await run(words, {
    cwd,
    env: { ...env },
    stdin: { open: () => Readable.from([Buffer.from(stdin)]), isTerminal: false },
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    listenForSignals: () => () => {},
    exit: () => {
      throw new Error('Only a process of its own can be ended at once: use rig.start.');
    },
  });
  return { code, ...written };
}

/** A screen of 100 columns that nobody sees. */
function aScreen(): NodeJS.WriteStream {
  const screen: NodeJS.WriteStream = Object.create(process.stdout, { columns: { value: 100 } });
  return screen;
}
