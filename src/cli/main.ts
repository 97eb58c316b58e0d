import { version } from './version.ts';

// The start of every command: the argument parser and all else is loaded only when more than the version is asked for.
const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  const { run } = await import('./run.ts');
  await run(process.argv.slice(2));
}
