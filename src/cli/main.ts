import { isatty } from 'node:tty';
import type { Host, Output } from './host.ts';
import { version } from '../operation/version.ts';

// The start of every command: the argument parser and all else is loaded only when more than the version is asked for.
const words = process.argv.slice(2);
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  const { run, describeCrash } = await import('./run.ts');
  // Thrown where nobody waits for it, as in a timer: Node.js would print it as it is.
  process.once('uncaughtException', (error) => {
    process.stderr.write(describeCrash(error, process.env), () => process.exit(1));
  });
  const code = await run(words, processHost());
  // An output that failed has set it already.
  process.exitCode ??= code;
}

/** This process. Nothing else of the command line may ask `process` for anything. */
function processHost(): Host {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: { open: () => process.stdin, isTerminal: isatty(0) },
    stdout: openOutput(process.stdout, isatty(1)),
    stderr: openOutput(process.stderr, isatty(2)),
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

/** Nobody may be reading any more, as behind `| head`: the command goes on all the same. Any other fault is named. */
function openOutput(stream: NodeJS.WriteStream, isTerminal: boolean): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || process.exitCode === 1) return;
    process.exitCode = 1;
    if (stream !== process.stderr) process.stderr.write(`The output cannot be written: ${error.message}\n`);
  });
  return { write: (text) => void stream.write(text), screen: isTerminal ? stream : undefined };
}
