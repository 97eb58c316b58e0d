/** Lines around a difference that are shown with it. */
const around = 2;

/**
 * The lines in which two texts differ, with `-` for those of the first alone, `+` for those of the second alone, two lines around
 * them with a blank, and `…` between what lies apart. Empty for the same text. Meant for files of some hundred lines: the time grows with the product.
 */
export function diffLines(before: string, after: string): readonly string[] {
  const lines = pairLines(toLines(before), toLines(after));
  const changed = lines.flatMap((line, index) => (line.startsWith(' ') ? [] : [index]));
  const isShown = new Set(
    changed.flatMap((place) => Array.from({ length: 2 * around + 1 }, (_, step) => place - around + step)),
  );
  return lines.flatMap((line, index) => {
    if (isShown.has(index)) return [line];
    return isShown.has(index - 1) && changed.some((place) => place > index) ? ['…'] : [];
  });
}

function toLines(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** Walks both texts along a longest common subsequence of lines. */
function pairLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const common = measureCommon(before, after);
  const lines: string[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [mine, theirs] = [before[left], after[right]];
    if (mine !== undefined && mine === theirs) {
      lines.push(` ${mine}`);
      left += 1;
      right += 1;
    } else if (
      theirs === undefined ||
      (mine !== undefined && at(common, left + 1, right) >= at(common, left, right + 1))
    ) {
      lines.push(`-${mine ?? ''}`);
      left += 1;
    } else {
      lines.push(`+${theirs}`);
      right += 1;
    }
  }
  return lines;
}

type Lengths = readonly (readonly number[])[];

/** For each pair of places, how many lines the rests have in common at most. */
function measureCommon(before: readonly string[], after: readonly string[]): Lengths {
  const rows: number[][] = [];
  for (let left = before.length - 1; left >= 0; left -= 1) {
    const row: number[] = [];
    for (let right = after.length - 1; right >= 0; right -= 1) {
      const below = rows[left + 1]?.[right] ?? 0;
      const beside = row[right + 1] ?? 0;
      row[right] = before[left] === after[right] ? (rows[left + 1]?.[right + 1] ?? 0) + 1 : Math.max(below, beside);
    }
    rows[left] = row;
  }
  return rows;
}

function at(lengths: Lengths, left: number, right: number): number {
  return lengths[left]?.[right] ?? 0;
}
