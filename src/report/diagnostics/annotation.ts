import type { Diagnostic } from '../../model/diagnostic.ts';
import { visible, visibleCharacters } from '../../model/visible.ts';
import { escapeCommandData, escapeCommandProperty } from '../escape/workflow-command.ts';

/** What GitHub shows on a line of a file, or on the run. Its texts may be foreign. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  /** May have several lines. */
  readonly message: string;
  readonly at?: AnnotationPlace | undefined;
}

/** Where an annotation is shown. Numbers are 1-based. */
export interface AnnotationPlace {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly column?: number | undefined;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
}

/**
 * A diagnostic as an annotation.
 * @param pathPrefix path of the workspace folder below the root of the repository, with `/` at its end
 */
export function toAnnotation(diagnostic: Diagnostic, pathPrefix: string): Annotation {
  const { severity, code, message, detail, hint, at, related = [] } = diagnostic;
  const text = [
    detail,
    ...(hint === undefined ? [] : [`Next: ${hint}`]),
    ...related.map(({ message: words, at: place }) => `Also: ${place.file}:${place.line}:${place.column} ${words}`),
  ];
  return {
    level: severity,
    title: `${message} (${code})`,
    message: text.join('\n'),
    at: at && { ...at, file: `${pathPrefix}${at.file}` },
  };
}

/** The workflow command that makes GitHub show it: one line, without a line feed. */
export function renderAnnotation({ level, title, message, at }: Annotation): string {
  const shown = message.split('\n').map(visible).join('\n');
  const properties = [...placeOf(at), ['title', visible(title)]] as const;
  const list = properties.map(([name, value]) => `${name}=${escapeCommandProperty(String(value))}`).join(',');
  return `::${level} ${list}::${escapeCommandData(shown)}`;
}

function placeOf(at: AnnotationPlace | undefined): readonly (readonly [string, string | number])[] {
  if (at === undefined) return [];
  const { file, line, column, endLine = line, endColumn } = at;
  return [
    ['file', visibleCharacters(file)],
    ['line', line],
    ['endLine', endLine],
    ...(column === undefined ? [] : [['col', column] as const]),
    // GitHub refuses columns for a place of several lines.
    ...(endLine === line && endColumn !== undefined ? [['endColumn', endColumn] as const] : []),
  ];
}
