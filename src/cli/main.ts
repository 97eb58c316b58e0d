import { fstatSync, writeSync } from 'node:fs';
import { nameHelpPage } from './help-page.ts';
import type { Host, Output } from './host.ts';
import { version } from '../operation/version.ts';

// The start of every command. For the version or a help neither the parser is loaded nor what Node.js needs for streams.
void start(process.argv.slice(2));

async function start(words: readonly string[]): Promise<void> {
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    await print(() => `${version}\n`);
    return;
  }
  const name = nameHelpPage(words);
  if (name !== undefined) {
    const { findHelp } = await import('./find-help.ts');
    const help = findHelp(name);
    if (help !== undefined) {
      await print(help);
      return;
    }
  }
  const [{ run, describeCrash }, host] = await Promise.all([import('./run.ts'), processHost()]);
  // While the progress of an apply is drawn, what others write is kept back until the drawing ends.
  const write = process.stderr.write.bind(process.stderr);
  // Thrown where nobody waits for it, as in a timer: Node.js would print it as it is.
  const crash = async (error: unknown): Promise<void> => {
    const text = await describeCrash(error, host);
    const cursor = host.stderr.screen === undefined ? '' : '\u001B[?25h';
    write(`${cursor}${text}`, () => process.exit(1));
  };
  process.once('uncaughtException', (error) => void crash(error));
  const code = await run(words, host);
  // An output that failed has set it already.
  process.exitCode ??= code;
}

/** Prints a text of our own and nothing else. */
async function print(render: (columns: number | undefined) => string): Promise<void> {
  if (mayBeScreen()) {
    const { write, screen } = await openOutput(process.stdout, 1);
    write(render(screen?.columns));
    return;
  }
  let rest = Buffer.from(render(undefined));
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch {
    // A pipe that is full, or closed: streams can wait, and their faults are named.
    nameFaults(process.stdout);
    process.stdout.write(rest);
  }
}

function mayBeScreen(): boolean {
  try {
    return fstatSync(1).isCharacterDevice();
  } catch {
    return true;
  }
}

/** This process. Nothing else of the command line may ask `process` for anything. */
async function processHost(): Promise<Host> {
  const { isatty } = await import('node:tty');
  const [stdout, stderr] = await Promise.all([openOutput(process.stdout, 1), openOutput(process.stderr, 2)]);
  return {
    cwd: process.cwd(),
    env: process.env,
    met: new Set(),
    stdin: { open: () => process.stdin, isTerminal: isatty(0) },
    stdout,
    stderr,
    listenForSignals: (listener) => {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}

async function openOutput(stream: NodeJS.WriteStream, descriptor: number): Promise<Output> {
  const { isatty } = await import('node:tty');
  nameFaults(stream);
  return { write: (text) => void stream.write(text), screen: isatty(descriptor) ? stream : undefined };
}

/** Nobody may be reading any more, as behind `| head`: the command goes on all the same. Any other fault is named. */
function nameFaults(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || process.exitCode === 1) return;
    process.exitCode = 1;
    if (stream !== process.stderr) process.stderr.write(`The output cannot be written: ${error.message}\n`);
  });
}
