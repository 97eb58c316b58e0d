/** Whether a line of a hint is a command of ours to copy, complete or not. */
export function isCommand(line: string): boolean {
  return /^(?:npx )?connectorctl /.test(line);
}

/** What acts on a terminal, or hides or turns around what is to be copied. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A runner obeys it wherever it stands in a line. */
const runnerCommand = '##[';

/** A word as a shell takes it, on one line whatever stands in it. */
export function quoteWord(word: string): string {
  if (/^[\w./-]+$/.test(word)) return word;
  if (!unseen.test(word) && !word.includes(runnerCommand)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = word
    .replaceAll(/[\\']/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll(runnerCommand, String.raw`##\u005b`);
  return `$'${escaped.replaceAll(new RegExp(unseen, 'gu'), escapeUnseen)}'`;
}

function escapeUnseen(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
