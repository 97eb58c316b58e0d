import { sleep } from '../operation/operation-ports.ts';
import { reportCrash, runAction } from './run-action.ts';

// A cancelled job gets SIGINT, some seconds later SIGTERM, and is then killed (docs.github.com, workflow cancellation):
// nothing new is begun from the first on, and the second must not end what is under way.
const cancelled = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => cancelled.abort());

process.once('uncaughtException', (error) => {
  reportCrash(error, { env: process.env, write: (text) => void process.stdout.write(text) });
  process.exit(1);
});

process.exitCode = await runAction({
  env: process.env,
  write: (text) => void process.stdout.write(text),
  signal: cancelled.signal,
  sleep,
});
