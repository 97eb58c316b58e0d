import { editDistance } from './edit-distance.ts';

/**
 * The known name that was most probably meant, or undefined when none is near.
 * Near: few letters differ, or all its words stand in the known name (`event.poller.interval`, `event.poller.refresh_interval`).
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const words = wordsOf(lower);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.min(4, Math.floor(name.length / 3))) + 1;
  for (const candidate of known) {
    const distance = distanceOf(lower, words, candidate.toLowerCase(), bestDistance - 1);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** `Did you mean ...?`, or undefined when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`;
}

function distanceOf(name: string, words: readonly string[], candidate: string, limit: number): number {
  const distance = editDistance(name, candidate, limit);
  if (distance <= limit || words.length < 3) return distance;
  const others = wordsOf(candidate);
  return words.length < others.length && words.every((word) => others.includes(word)) ? limit : distance;
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[._-]/);
}
