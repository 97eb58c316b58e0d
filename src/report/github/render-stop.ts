import { markdownCode, markdownNextStep, markdownParagraph } from '../escape/markdown.ts';

/** An error that stopped the command, in words. */
export interface StoppingError {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly requestId?: string | undefined;
}

/** Why it stopped, and the next step, in a box. Ends with an empty line. */
export function renderStop({ message, hint, requestId }: StoppingError): string {
  return renderAlert('CAUTION', [
    markdownParagraph(message, 1200),
    ...(requestId === undefined ? [] : [`Request id: ${markdownCode(requestId)}`]),
    ...(hint === undefined ? [] : [markdownNextStep(hint)]),
  ]);
}

/**
 * Markdown blocks in one of GitHub's colored boxes. Ends with an empty line.
 * @param blocks Markdown of one or more lines each, every one a paragraph, list or block of code of its own
 */
export function renderAlert(kind: 'NOTE' | 'IMPORTANT' | 'WARNING' | 'CAUTION', blocks: readonly string[]): string {
  const lines = blocks
    .map((block) => block.replace(/\n+$/, ''))
    .join('\n\n')
    .split('\n');
  return `> [!${kind}]\n${lines.map((line) => (line === '' ? '>\n' : `> ${line}\n`)).join('')}\n`;
}
