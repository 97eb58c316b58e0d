/** Sorts text by its code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Sorts ids as the numbers that they are, without computing with them. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}
