import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The built command line. */
export const cli = path.join(here, '../../dist/main.js');

/** Runs Node.js with the words; answers wall time in ms, peak memory in MiB and CPU time in s. Throws when it does not end with `ends`. */
export function runNode(words, { cwd, env = {}, ends = 0 } = {}) {
  const report = path.join(cwd ?? here, `.peak-${process.pid}`);
  const start = performance.now();
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', path.join(here, 'report-peak.mjs'), ...words],
    {
      cwd,
      env: { PATH: process.env.PATH, ...env, PEAK_REPORT: report },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  const wall = performance.now() - start;
  if (status !== ends)
    throw new Error(`${words.join(' ')} ended with ${status}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  const { maxRSS, cpu } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  return { wall, peak: maxRSS / 1024, cpu: cpu / 1e6, stdout, stderr };
}

/** Runs a script text in the same way. */
export function runScript(folder, name, text, options = {}) {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return runNode([file], { cwd: folder, ...options });
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function line(name, { wall, peak }, note = '') {
  const memory = peak === undefined ? '' : `${peak.toFixed(0).padStart(6)} MiB`;
  process.stdout.write(
    `  ${name.padEnd(46)} ${wall.toFixed(0).padStart(7)} ms ${memory}${note === '' ? '' : `  ${note}`}\n`,
  );
}
