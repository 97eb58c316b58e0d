export { visible } from '../../model/visible.ts';

/** First and last code points that take two columns, after Unicode's East Asian Width (W and F). */
const wide: readonly (readonly [number, number])[] = [
  [0x11_00, 0x11_5f],
  [0x2e_80, 0x30_3e],
  [0x30_41, 0xa4_cf],
  [0xa9_60, 0xa9_7f],
  [0xac_00, 0xd7_a3],
  [0xf9_00, 0xfa_ff],
  [0xfe_30, 0xfe_6f],
  [0xff_01, 0xff_60],
  [0xff_e0, 0xff_e6],
  [0x1_b0_00, 0x1_b2_ff],
  [0x1_f2_00, 0x1_f2_ff],
  [0x2_00_00, 0x3_ff_fd],
];

const plain = /^[ -~]*$/;
const combining = /^[\p{Mn}\p{Me}]$/u;
const regionalIndicator = /^\p{Regional_Indicator}$/u;
const emoji = /^\p{Emoji_Presentation}$/u;

/** Columns that text takes on a terminal: 2 for wide characters and emoji, 0 for combining marks. Must be given text without control characters. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length;
  return Array.from(text).reduce((sum, character) => sum + characterWidth(character), 0);
}

/** Columns of a single code point. */
export function characterWidth(character: string): 0 | 1 | 2 {
  // The emoji variant selector widens the narrow pictograph before it by one.
  if (character === '\ufe0f') return 1;
  if (combining.test(character)) return 0;
  // Two of them make one flag of two columns.
  if (regionalIndicator.test(character)) return 1;
  const code = character.codePointAt(0) ?? 0;
  return wide.some(([first, last]) => code >= first && code <= last) || emoji.test(character) ? 2 : 1;
}
