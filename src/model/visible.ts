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

/** Foreign text of several lines, each as `visible` shows it. */
export function visibleLines(text: string): string {
  return text
    .split(/\r\n|[\n\r]/)
    .map(visible)
    .join('\n');
}

/** What nobody sees, as `visible` shows it, and all else as it is: for a text that is escaped in another way too, line breaks included. */
export function visibleCharacters(text: string): string {
  return text.replace(unseen, (character) => (/[\n\r]/.test(character) ? character : escapeCharacter(character)));
}

/** The colours and styles that we write ourselves; nothing that hides, blinks or moves. */
const style = String.raw`\x1b\[(?:[0-4]|9|2[2-4]|29|3\d|4[0-79]|9[0-7]|10[0-7])?m`;
const armed = new RegExp(`${style}|^[\\t \u3000]*::|##\\[|(?!\\n)(?:${unseen.source})`, 'gmu');

/**
 * Text of ours, on its way to a terminal or a CI log, in which foreign text may have been left as it was: the last fence, behind whoever wrote it.
 * Lines stay lines. Nothing in it acts on a terminal or is a command to a runner; with `color`, styles of ours stay.
 */
export function disarm(text: string, { color = false }: { readonly color?: boolean | undefined } = {}): string {
  return text.replace(armed, (found) => {
    if (found.endsWith('::')) return `${found.slice(0, -1)}${String.raw`\x3a`}`;
    if (found === '##[') return String.raw`##\x5b`;
    if (found.length > 1 && found.startsWith('\u001b') && color) return found;
    return found.replace(unseen, (character) => escapeCharacter(character));
  });
}

/** What a JSON text may hold as it is, but a terminal or a runner acts on, or nobody sees. */
const unseenInJson = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{e0000}-\u{e007f}]|(?<=:):|(?<=#)#(?=\[)/gu;

/** JSON text that says the same, and can be printed wherever it goes. */
export function disarmJson(text: string): string {
  return text.replace(unseenInJson, escapeUnits);
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => String.raw`\u` + unit.toString(16).padStart(4, '0')).join('');
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
