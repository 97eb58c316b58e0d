/**
 * Markdown blocks in one of GitHub's coloured boxes. Ends with an empty line.
 * @param blocks Markdown of one or more lines each, every one a paragraph, list or block of code of its own
 */
export function renderAlert(kind: 'NOTE' | 'IMPORTANT' | 'WARNING' | 'CAUTION', blocks: readonly string[]): string {
  const lines = blocks
    .map((block) => block.replace(/\n+$/, ''))
    .join('\n\n')
    .split('\n');
  return `> [!${kind}]\n${lines.map((line) => (line === '' ? '>\n' : `> ${line}\n`)).join('')}\n`;
}
