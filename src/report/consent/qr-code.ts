/*
 * A QR code (ISO/IEC 18004) of a text, as rows of dark and light squares. Bytes, and error correction level L: an address of consent is long, a screen
 * neither wears nor hides a part of it, and each level more makes it wider than a terminal.
 */

import { correctErrors } from './qr-correction.ts';

/** Rows of squares, true for a dark one. Has no quiet zone around it. */
export type QrCode = readonly (readonly boolean[])[];

/** Codewords of error correction of each block, and number of blocks, of level L for the versions 1 to 40. */
const correction = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30,
  30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
];
const blocks = [
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19,
  20, 21, 22, 24, 25,
];

/** The smallest QR code that holds a text; undefined for one of more bytes than any can hold, 2953. */
export function encodeQr(text: string): QrCode | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = blocks.findIndex((_, index) => bytes.length <= bytesOf(index + 1)) + 1;
  if (version === 0) return undefined;
  const { size, fixed, isFixed } = drawFixed(version);
  const bits = toBits(arrange(bytes, version));
  const path = listPath(size).filter(([row, column]) => !isFixed(row, column));
  const drawn = masks.map((isFlipped, mask): QrCode => {
    const rows = fixed.map((row) => row.slice());
    for (const [at, [row, column]] of path.entries()) {
      paint(rows, row, column, (bits[at] ?? false) !== isFlipped(row, column));
    }
    for (const { row, column, isDark } of listFormat(size, mask)) paint(rows, row, column, isDark);
    return rows;
  });
  const rated = drawn.map((code) => ({ code, penalty: penaltyOf(code) }));
  return rated.toSorted((one, other) => one.penalty - other.penalty)[0]?.code;
}

function paint(rows: boolean[][], row: number, column: number, isDark: boolean): void {
  const squares = rows[row];
  if (squares !== undefined) squares[column] = isDark;
}

/** Squares that are neither part of a pattern nor of the format. */
function squaresOf(version: number): number {
  const all = (16 * version + 128) * version + 64;
  if (version === 1) return all;
  const aligned = Math.floor(version / 7) + 2;
  return all - ((25 * aligned - 10) * aligned - 55) - (version < 7 ? 0 : 36);
}

function codewordsOf(version: number): number {
  return Math.floor(squaresOf(version) / 8);
}

function dataOf(version: number): number {
  return codewordsOf(version) - (correction[version - 1] ?? 0) * (blocks[version - 1] ?? 0);
}

function bytesOf(version: number): number {
  return dataOf(version) - (version < 10 ? 2 : 3);
}

/** All codewords in their order: mode, length and bytes, filled up, in blocks, each with its correction, and interleaved. */
function arrange(bytes: Uint8Array, version: number): readonly number[] {
  const length = [...(version < 10 ? [] : [bytes.length >> 8]), bytes.length & 255];
  // The mode takes four bits, so everything else stands half a byte later.
  const halves = [4, ...[...length, ...bytes].flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const written = halves.flatMap((half, at) => (at % 2 === 0 ? [(half << 4) | (halves[at + 1] ?? 0)] : []));
  const fill = Array.from({ length: dataOf(version) - written.length }, (_, at) => (at % 2 === 0 ? 0xec : 0x11));
  const data = [...written, ...fill];

  const count = blocks[version - 1] ?? 1;
  const degree = correction[version - 1] ?? 0;
  const short = Math.floor(data.length / count);
  const firstLong = count - (data.length % count);
  const parts = Array.from({ length: count }, (_, at) => {
    const from = at * short + Math.max(0, at - firstLong);
    return data.slice(from, from + short + (at < firstLong ? 0 : 1));
  });
  return [...interleave(parts), ...interleave(parts.map((part) => correctErrors(part, degree)))];
}

function interleave(parts: readonly (readonly number[])[]): readonly number[] {
  const longest = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => parts.flatMap((part) => part.slice(at, at + 1))).flat();
}

function toBits(codewords: readonly number[]): readonly boolean[] {
  return codewords.flatMap((word) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((word >> bit) & 1) === 1));
}

/** The way of the data: up and down in columns of two, from the right, without the column of the timing pattern. */
function listPath(size: number): readonly (readonly [row: number, column: number])[] {
  const columns = Array.from({ length: (size - 1) / 2 }, (_, at) => size - 1 - 2 * at).map((right) =>
    right <= 6 ? right - 1 : right,
  );
  return columns.flatMap((right, index) =>
    Array.from({ length: size }, (_, at) => (index % 2 === 0 ? size - 1 - at : at)).flatMap((row) => [
      [row, right] as const,
      [row, right - 1] as const,
    ]),
  );
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

interface FixedPart {
  readonly size: number;
  readonly fixed: QrCode;
  readonly isFixed: (row: number, column: number) => boolean;
}

/** What is the same for all texts of a version: the patterns that a reader looks for, and the room of the format. */
function drawFixed(version: number): FixedPart {
  const size = 17 + 4 * version;
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const taken = new Set<number>();
  const draw = (row: number, column: number, isDark: boolean): void => {
    if (row < 0 || column < 0 || row >= size || column >= size) return;
    paint(rows, row, column, isDark);
    taken.add(row * size + column);
  };
  for (let at = 0; at < size; at += 1) {
    draw(6, at, at % 2 === 0);
    draw(at, 6, at % 2 === 0);
  }
  const corners = [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const;
  for (const [row, column] of corners)
    drawRings(draw, { row, column, radius: 4, isDark: (ring) => ring !== 2 && ring !== 4 });
  const centres = listCentres(version);
  const last = centres.at(-1);
  for (const row of centres) {
    for (const column of centres) {
      // Three corners are taken by the finder patterns.
      if ((row === 6 && (column === 6 || column === last)) || (row === last && column === 6)) continue;
      drawRings(draw, { row, column, radius: 2, isDark: (ring) => ring !== 1 });
    }
  }
  for (const { row, column } of listFormat(size, 0)) draw(row, column, false);
  for (const { row, column, isDark } of listVersion(size, version)) draw(row, column, isDark);
  return { size, fixed: rows, isFixed: (row, column) => taken.has(row * size + column) };
}

function drawRings(
  draw: (row: number, column: number, isDark: boolean) => void,
  about: {
    readonly row: number;
    readonly column: number;
    readonly radius: number;
    readonly isDark: (ring: number) => boolean;
  },
): void {
  const { row, column, radius, isDark } = about;
  for (let down = -radius; down <= radius; down += 1) {
    for (let right = -radius; right <= radius; right += 1) {
      draw(row + down, column + right, isDark(Math.max(Math.abs(down), Math.abs(right))));
    }
  }
}

/** Rows and columns of the alignment patterns. */
function listCentres(version: number): readonly number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const last = 10 + 4 * version;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => last - (count - 2 - at) * step)];
}

interface Square {
  readonly row: number;
  readonly column: number;
  readonly isDark: boolean;
}

/** Level and mask, twice, with a correction of their own, and the one square that is always dark. */
function listFormat(size: number, mask: number): readonly Square[] {
  const level = 1;
  const data = (level << 3) | mask;
  const bits = ((data << 10) | remainder(data, 10, 0x537)) ^ 0x5412;
  const isDark = (bit: number): boolean => ((bits >> bit) & 1) === 1;
  const squares = Array.from({ length: 15 }, (_, bit): readonly Square[] => {
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : undefined;
    const one = near === undefined ? { row: 8, column: bit === 8 ? 7 : 14 - bit } : { row: near, column: 8 };
    const other = bit < 8 ? { row: 8, column: size - 1 - bit } : { row: size - 15 + bit, column: 8 };
    return [one, other].map(({ row, column }) => ({ row, column, isDark: isDark(bit) }));
  });
  return [...squares.flat(), { row: size - 8, column: 8, isDark: true }];
}

function listVersion(size: number, version: number): readonly Square[] {
  if (version < 7) return [];
  const bits = (version << 12) | remainder(version, 12, 0x1f25);
  return Array.from({ length: 18 }, (_, bit): readonly Square[] => {
    const [far, near] = [size - 11 + (bit % 3), Math.floor(bit / 3)];
    const isDark = ((bits >> bit) & 1) === 1;
    return [
      { row: near, column: far, isDark },
      { row: far, column: near, isDark },
    ];
  }).flat();
}

function remainder(data: number, degree: number, generator: number): number {
  return Array.from({ length: degree }).reduce<number>(
    (rest) => (rest << 1) ^ ((rest >> (degree - 1)) * generator),
    data,
  );
}

/** How hard a code is to read: long runs, squares of one colour, what looks like a finder pattern, and too much of one colour. */
function penaltyOf(code: QrCode): number {
  const lines = code.map((row) => row.map((isDark) => (isDark ? '1' : '0')).join(''));
  const turned = lines.map((_, column) => lines.map((line) => line[column]).join(''));
  const runs = [...lines, ...turned].map((line) => {
    const long = [...line.matchAll(/0{5,}|1{5,}/g)].map(([run]) => run.length - 2);
    const finders = [...line.matchAll(/(?=10111010000|00001011101)/g)].length * 40;
    return long.reduce((sum, one) => sum + one, finders);
  });
  const same = lines.slice(1).map((line, at) => {
    const above = lines[at] ?? '';
    return (
      Array.from(line).filter(
        (one, column) => column > 0 && isSame(one, line[column - 1], above.slice(column - 1, column + 1)),
      ).length * 3
    );
  });
  const dark = lines.join('').replaceAll('0', '').length / lines.length ** 2;
  const balance = Math.floor(Math.abs(dark - 0.5) * 20) * 10;
  return [...runs, ...same].reduce((sum, one) => sum + one, balance);
}

function isSame(one: string, left: string | undefined, above: string): boolean {
  return one === left && above === one + one;
}
