import { visible } from '../escape/terminal.ts';
import { escapeCommandData, escapeCommandProperty } from '../escape/workflow-command.ts';
import type { Annotation } from './select-annotations.ts';

/** Annotations as workflow commands for the log of a step, one line each. No text of theirs can end its command or begin another. */
export function renderAnnotations(annotations: readonly Annotation[]): string {
  return annotations.map((annotation) => `${toCommand(annotation)}\n`).join('');
}

function toCommand({ level, title, message, ...place }: Annotation): string {
  const { file, line, endLine, column, endColumn } = place;
  const properties: readonly (readonly [string, string | number | undefined])[] = [
    ['file', file === undefined ? undefined : visible(file)],
    ['line', line],
    ['endLine', endLine],
    ['col', column],
    ['endColumn', endColumn],
    ['title', visible(title)],
  ];
  const list = properties
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeCommandProperty(String(value))}`)
    .join(',');
  return `::${level} ${list}::${escapeCommandData(message.split('\n').map(visible).join('\n'))}`;
}
