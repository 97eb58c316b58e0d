/* Reed-Solomon codewords over the field of 256 elements that QR codes use. */

/** What makes up for lost codewords of a block: as many as the degree says. */
export function correctErrors(data: readonly number[], degree: number): readonly number[] {
  const divisor = divisorOf(degree);
  return data.reduce<readonly number[]>(
    (rest, byte) => {
      const factor = byte ^ (rest[0] ?? 0);
      return divisor.map((one, at) => (rest[at + 1] ?? 0) ^ multiply(one, factor));
    },
    Array.from({ length: degree }, () => 0),
  );
}

/** The polynomial of which the first powers of two are the roots; its highest term, which is always 1, is left out. */
function divisorOf(degree: number): readonly number[] {
  const start = Array.from({ length: degree }, (_, at) => (at === degree - 1 ? 1 : 0));
  return Array.from({ length: degree }).reduce<{ readonly terms: readonly number[]; readonly root: number }>(
    ({ terms, root }) => ({
      terms: terms.map((term, at) => multiply(term, root) ^ (terms[at + 1] ?? 0)),
      root: multiply(root, 2),
    }),
    { terms: start, root: 1 },
  ).terms;
}

function multiply(one: number, other: number): number {
  return [7, 6, 5, 4, 3, 2, 1, 0].reduce(
    (product, bit) => (product << 1) ^ ((product >> 7) * 0x11d) ^ (((other >> bit) & 1) * one),
    0,
  );
}
