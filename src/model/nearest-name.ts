/**
 * The known name that was most probably meant, or undefined when none is near.
 * Near: few letters differ, and not the only one, or all its words are in the known name (`event.poller.interval`, `event.poller.refresh_interval`).
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  const words = wordsOf(lower);
  let best: string | undefined;
  // As far as one may be, and as far as one counts that has further words.
  const farthest = name.length === 1 ? 0 : Math.max(1, Math.min(4, Math.floor(name.length / 3)));
  let bestDistance = farthest + 1;
  for (const candidate of known) {
    // Most names are told apart by their length alone, unless words may be missing.
    if (words.length < 3 && Math.abs(candidate.length - name.length) > bestDistance) continue;
    const other = candidate.toLowerCase();
    const edits = editDistance(lower, other, bestDistance);
    const distance = edits > farthest && hasAllWords(other, words) ? farthest : edits;
    if (distance > bestDistance || (distance === bestDistance && !isCloser(name, candidate, best))) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Up to three known names that may have been meant, the nearest first; those that begin with the name, as `salesforce…`, too. */
export function nearestNames(name: string, known: Iterable<string>): readonly string[] {
  const names = [...known];
  const nearest = nearestName(name, names);
  const lower = name.toLowerCase();
  const longer = lower.length < 3 ? [] : names.filter((one) => one.toLowerCase().startsWith(lower));
  return [...new Set([...(nearest === undefined ? [] : [nearest]), ...longer])].slice(0, 3);
}

/** `Did you mean ...?`, or undefined when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const nearest = nearestName(name, known);
  return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`;
}

/** Of two that are equally near, the one that is nearer by its capitals too, or else the first: `baseeUrl` is `baseUrl`, not `base.url`. */
function isCloser(name: string, candidate: string, best: string | undefined): boolean {
  if (best === undefined) return false;
  const length = name.length + candidate.length;
  return editDistance(name, candidate, length) < editDistance(name, best, length);
}

/** Whether a known name has all the words of another one that has some, and further ones. */
function hasAllWords(candidate: string, words: readonly string[]): boolean {
  if (words.length < 3) return false;
  const others = wordsOf(candidate);
  return words.length < others.length && words.every((word) => others.includes(word));
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[._-]/);
}

/**
 * How many insertions, deletions, replacements and swaps of neighbors make one text the other.
 * Returns `limit + 1` as soon as it is certain that there are more than `limit`.
 */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit || differingLetters(left, right) > limit) return limit + 1;
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = nextRow({ left, right, row, last, beforeLast });
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(last[right.length] ?? limit + 1, limit + 1);
}

/** One edit brings in one letter at most, and takes away one. Told without comparing the order: this settles most pairs. */
function differingLetters(left: string, right: string): number {
  const [lettersOfLeft, lettersOfRight] = [lettersOf(left), lettersOf(right)];
  return Math.max(countBits(lettersOfLeft & ~lettersOfRight), countBits(lettersOfRight & ~lettersOfLeft));
}

/** Which letters the text holds, as bits. Different letters may share one. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let index = 0; index < text.length; index += 1) letters |= 1 << (text.charCodeAt(index) % 32);
  return letters;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

interface RowStep {
  readonly left: string;
  readonly right: string;
  readonly row: number;
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function nextRow({ left, right, row, last, beforeLast }: RowStep): readonly number[] {
  const current = [row];
  for (let column = 1; column <= right.length; column += 1) {
    const same = left[row - 1] === right[column - 1];
    const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
    current.push(
      Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped && row > 1 ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      ),
    );
  }
  return current;
}
