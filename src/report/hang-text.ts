import { visible } from '../model/visible.ts';
import { isCommand } from './escape/shell.ts';
import { displayWidth } from './escape/terminal.ts';
import { wrapText } from './fit-text.ts';
import type { Paint } from './text-table.ts';

interface HangOptions {
  /** Columns of a whole line. */
  readonly width: number;
  /** Blanks before the label. */
  readonly indent?: number;
  readonly paint?: Paint;
}

/** Foreign text behind a label, wrapped; the lines after the first begin below the text, not below the label. Nothing for no text. */
export function hangText(label: string, text: string | undefined, options: HangOptions): readonly string[] {
  if (text === undefined || text.trim() === '') return [];
  const indent = ' '.repeat(options.indent ?? 0);
  const hang = ' '.repeat(displayWidth(label));
  const paint = options.paint ?? ((part) => part);
  const room = Math.max(1, options.width - indent.length - hang.length);
  return wrapText(visible(text), room).map((part, index) =>
    index === 0 ? `${indent}${paint(`${label}${part}`)}` : `${indent}${hang}${paint(part)}`,
  );
}

/** Text of several lines behind a label; a line that is a command of ours is never broken, so that it can be copied. */
export function hangHint(label: string, hint: string | undefined, options: HangOptions): readonly string[] {
  if (hint === undefined) return [];
  const margin = ' '.repeat((options.indent ?? 0) + 2);
  const paint = options.paint ?? ((part) => part);
  const plain = { ...options, paint: (part: string) => part };
  const blanks = ' '.repeat(displayWidth(label));
  return hint.split('\n').flatMap((line, index) => {
    const text = line.trim();
    // A sample, such as a few lines of YAML, is nothing without its indentation.
    const [inner] = index === 0 ? [''] : (/^ */.exec(line) ?? ['']);
    if (!isCommand(text)) return hangText(index === 0 ? label : blanks + inner, text, plain);
    const lead = index === 0 ? hangText('', label.trim(), plain) : [];
    return lead.concat(`${margin}${paint(visible(text))}`);
  });
}
