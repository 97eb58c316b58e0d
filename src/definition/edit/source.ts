import { CST } from 'yaml';

import { entriesOf, isFlow } from './source-tokens.ts';

/** A text that is edited, and how its author lays YAML out. */
export interface Source {
  readonly text: string;
  readonly lineBreak: '\n' | '\r\n';
  /** Blanks of one level. */
  readonly step: number;
  /** Whether the dashes of a list stand further right than the key above them. */
  readonly indentsLists: boolean;
}

/** Learns the layout from the document. Two blanks and indented lists where it shows nothing. */
export function toSource(text: string, document: CST.Document): Source {
  let step: number | undefined;
  let listStep: number | undefined;
  const learn = (token: CST.Token | null | undefined): void => {
    if (!CST.isCollection(token) || isFlow(token)) return;
    for (const { value } of entriesOf(token)) {
      const distance = (value?.offset ?? 0) - lineStart(text, value?.offset ?? 0) - columnOf(text, token.offset);
      if (token.type === 'block-map' && value?.type === 'block-map') step ??= distance;
      if (token.type === 'block-map' && value?.type === 'block-seq') listStep ??= distance;
      learn(value);
    }
  };
  learn(document.value);
  return {
    text,
    lineBreak: /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n',
    // The library indents lists by the same step as maps.
    step: step ?? (listStep || 2),
    indentsLists: listStep !== 0,
  };
}

/** Offset of the first character of the line. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset after the last character of the line, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const next = text.indexOf('\n', offset);
  if (next === -1) return text.length;
  return text[next - 1] === '\r' ? next - 1 : next;
}

/** Offset of the next line; the end of the text when there is none. */
export function nextLine(text: string, offset: number): number {
  const next = text.indexOf('\n', offset);
  return next === -1 ? text.length : next + 1;
}

/** 0-based column. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Whether only blanks stand before it on its line. */
export function isFirstOnLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}
