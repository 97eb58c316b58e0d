import { markdownCode, markdownNextStep, markdownParagraph } from '../escape/markdown.ts';
import { renderAlert } from './render-alert.ts';

/** What the world refused, in words. */
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
