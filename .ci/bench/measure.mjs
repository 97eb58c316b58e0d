import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The built command line. */
export const cli = path.join(here, '../../dist/main.js');

/** Runs Node.js with the words; answers wall time in ms, peak memory in MiB and CPU time in s. Throws when it does not end with `ends`. */
export function runNode(words, { ends = 0, ...options } = {}) {
  const { status, ...measured } = measureNode(words, options);
  if (status !== ends) {
    const { stdout, stderr } = measured;
    throw new Error(`${words.join(' ')} ended with ${status}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  }
  return measured;
}

/** The same, however it ends. Not a number of MiB and seconds when it was killed. */
export function measureNode(words, { cwd, env = {}, timeout } = {}) {
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
      timeout,
    },
  );
  const wall = performance.now() - start;
  const { maxRSS, cpu } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { maxRSS: NaN, cpu: NaN };
  rmSync(report, { force: true });
  return { status, wall, peak: maxRSS / 1024, cpu: cpu / 1e6, stdout, stderr };
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

/** How much more a run took than its floor. On a busy machine the CPU time says more than the wall time. */
export function compare(run, floor, what) {
  return `${(run.wall / floor.wall).toFixed(2)} × ${what}, ${(run.cpu / floor.cpu).toFixed(2)} × its CPU`;
}

export function line(name, { wall, cpu, peak }, note = '') {
  const time = cpu === undefined ? '' : `${cpu.toFixed(2).padStart(7)} s CPU`;
  const memory = `${time}${peak === undefined ? '' : `${peak.toFixed(0).padStart(6)} MiB`}`;
  process.stdout.write(
    `  ${name.padEnd(46)} ${wall.toFixed(0).padStart(7)} ms ${memory}${note === '' ? '' : `  ${note}`}\n`,
  );
}
