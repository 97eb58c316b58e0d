import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cli, runNode, say } from './measure.mjs';

/**
 * Runs the program once more with a CPU profile, and prints its ten dearest functions.
 * @param profiles folder that keeps the profiles, each task's in its own; nothing is done without one
 */
export function profile(profiles, task, words, options) {
  if (profiles === undefined) return;
  const folder = path.join(profiles, task);
  runNode([...openProfile(folder), cli, ...words], options);
  showDearest(folder);
}

/** What to tell Node.js before the program, so that the folder gets a profile of it. */
export function openProfile(folder) {
  mkdirSync(folder, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

export function showDearest(folder) {
  say(`  the dearest functions, by their own time (${folder})`);
  for (const { name, time, share } of dearestFunctions(folder)) {
    say(`    ${name.padEnd(44)} ${time.toFixed(0).padStart(7)} ms ${(100 * share).toFixed(1).padStart(6)} %`);
  }
}

/** The functions that took most time by themselves, of all CPU profiles in a folder, one a thread: name, place in the bundle, ms, share. */
function dearestFunctions(folder, count = 10) {
  const times = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    addTimes(times, JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, count)
    .map(([name, time]) => ({ name, time, share: time / total }));
}

function addTimes(times, { nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  for (const [index, sample] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(sample);
    if (functionName === '(idle)') continue;
    const place = url === '' ? '' : ` ${path.basename(url)}:${lineNumber + 1}`;
    const name = `${functionName === '' ? '(anonymous)' : functionName}${place}`;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index] / 1000);
  }
}
