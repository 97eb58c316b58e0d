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

/** Beyond ASCII by its bytes: what `\u` makes of it depends on the locale of the shell. */
function escapeUnseen(character: string): string {
  const bytes = [...new TextEncoder().encode(character)].map((byte) => byte.toString(16).padStart(2, '0'));
  return bytes.length === 1 ? `\\u00${bytes.join('')}` : bytes.map((byte) => `\\x${byte}`).join('');
}
