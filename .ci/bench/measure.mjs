import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The built command line, or another build that is to be measured. */
export const cli = path.resolve(process.env.BENCH_PROGRAM ?? path.join(here, '../../dist/main.js'));

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

/** Wall time in ms of Node.js with the words and nothing else: what measures CPU and memory takes some ms itself. */
export function timeNode(words) {
  const start = performance.now();
  spawnSync(process.execPath, words, { env: { PATH: process.env.PATH } });
  return performance.now() - start;
}

/** Runs a script text in the same way as `runNode`. */
export function runScript(folder, name, text, options = {}) {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return runNode([file], { cwd: folder, ...options });
}

/**
 * Measures so many times in turn, so that other load hits a run and its floor alike.
 * @param once answers what was measured, by its name
 * @returns `middle`: the median of each figure of one of them; `ratio`: the median of what is made of each round
 */
export async function repeat(runs, once) {
  const rounds = [];
  for (let run = 0; run < runs; run += 1) rounds.push(await once(run));
  const figure = (name, of) => median(rounds.map((round) => round[name][of]));
  return {
    middle: (name) => ({ wall: figure(name, 'wall'), cpu: figure(name, 'cpu'), peak: figure(name, 'peak') }),
    ratio: (of) => median(rounds.map(of)),
  };
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

let write = (text) => process.stdout.write(text);

/** From now on all that is told goes to the standard error: the standard output is for a program. */
export function tellAside() {
  write = (text) => process.stderr.write(text);
}

export function say(text) {
  write(`${text}\n`);
}

/** One measurement: ms, s of CPU, MiB, and what it means. */
export function line(name, { wall, cpu, peak }, note = '') {
  const time = cpu === undefined ? '' : `${cpu.toFixed(2).padStart(7)} s CPU`;
  const memory = `${time}${peak === undefined ? '' : `${peak.toFixed(0).padStart(6)} MiB`}`;
  say(`  ${name.padEnd(46)} ${wall.toFixed(0).padStart(7)} ms ${memory}${note === '' ? '' : `  ${note}`}`);
}
