import { createColors } from 'picocolors';
import { encodeQr, type QrCode } from './qr-code.ts';

/** Light squares around a code. The norm asks for four; readers get along with two on a screen, and each one more makes it wider. */
const quiet = 2;

/**
 * A text as a QR code for a terminal, two rows of squares in a line; what is in the way, where it does not fit.
 * @param options `columns` of the terminal. Without `color` it is right on a dark ground, and inverted on a light one, which most readers take too.
 */
export function renderQr(text: string, options: { readonly columns: number; readonly color: boolean }): string {
  const { columns, color } = options;
  const code = encodeQr(text);
  if (code === undefined) return 'No QR code: the address is too long for one.\n';
  const needed = code.length + 2 * quiet;
  if (needed > columns) {
    return `No QR code: it needs ${needed} columns, and the terminal has ${columns}. Make the window wider or its letters smaller, or open the address.\n`;
  }
  const colors = createColors(color);
  const paint = (line: string): string => (color ? colors.bgBlack(colors.whiteBright(line)) : line);
  return renderLines(code)
    .map((line) => `${paint(line)}\n`)
    .join('');
}

/** Light squares are drawn, dark ones left out: most terminals are dark. */
function renderLines(code: QrCode): readonly string[] {
  const size = code.length + 2 * quiet;
  const isLight = (row: number, column: number): boolean => code[row - quiet]?.[column - quiet] !== true;
  return Array.from({ length: Math.ceil(size / 2) }, (_, line) =>
    Array.from({ length: size }, (_unused, column) => {
      const upper = isLight(2 * line, column);
      // Below the last row there is nothing, which is light only inside of the quiet zone.
      const lower = 2 * line + 1 < size && isLight(2 * line + 1, column);
      return squares[upper ? 1 : 0][lower ? 1 : 0];
    }).join(''),
  );
}

const squares = [
  [' ', '▄'],
  ['▀', '█'],
] as const;
