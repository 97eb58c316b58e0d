/** Whether a line of a hint is a command of ours to copy, complete or not. */
export function isCommand(line: string): boolean {
  return /^(?:npx )?connectorctl /.test(line);
}

/** A word as a shell takes it, on one line whatever stands in it. */
export function quoteWord(word: string): string {
  if (/^[\w./-]+$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const escaped = word.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
  return `$'${escaped.replaceAll(/\p{Cc}/gu, escapeControl)}'`;
}

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
