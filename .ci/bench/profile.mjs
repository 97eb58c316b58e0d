import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The functions that took most time by themselves, of the one CPU profile in a folder: name, place in the bundle, ms, share. */
export function dearestFunctions(folder, count = 10) {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map();
  for (const [index, sample] of samples.entries()) {
    const { functionName, url, lineNumber } = frames.get(sample);
    if (functionName === '(idle)') continue;
    const place = url === '' ? '' : ` ${path.basename(url)}:${lineNumber + 1}`;
    const name = `${functionName === '' ? '(anonymous)' : functionName}${place}`;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index] / 1000);
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, count)
    .map(([name, time]) => ({ name, time, share: time / total }));
}
