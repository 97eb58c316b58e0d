/** Everything that a terminal acts on or does not show, but for the plain and the ideographic space and the emoji variant of a pictograph. */
const unseen =
  /(?![ \u3000])(?!(?<=\p{Extended_Pictographic})\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What a GitHub runner takes for a command: `::` at the start of a line, `##[` anywhere. */
const runnerCommand = /::|##\[/g;

/**
 * Foreign text that is safe to print on a terminal and in a CI log, on one line.
 * Line feeds become `⏎`; other control, bidi, zero-width and odd blank characters become `\x1b` or `\u{202e}`.
 * Never holds `::` or `##[`, so that no line becomes a command to a CI runner.
 */
export function visible(text: string): string {
  return text
    .replace(unseen, escapeCharacter)
    .replace(runnerCommand, (command) => (command === '::' ? String.raw`:\x3a` : String.raw`##\x5b`));
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '⏎';
  if (character === '\t') return String.raw`\t`;
  if (character === '\r') return String.raw`\r`;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 0x1_00 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}

const longestExcerpt = 2_000;

/**
 * What a stranger wrote, as `visible` shows it, of at most about 2,000 characters; says so when it was cut.
 * Must be called after redaction, as a cut could split a secret.
 */
export function visibleExcerpt(text: string): string {
  const cut = text.length > longestExcerpt ? `... (cut, ${text.length} characters in all)` : '';
  return visible(text.slice(0, longestExcerpt)) + cut;
}
