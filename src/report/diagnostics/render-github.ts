import type { Diagnostic } from '../../model/diagnostic.ts';
import { visible } from '../escape/terminal.ts';
import { escapeCommandData, escapeCommandProperty } from '../escape/workflow-command.ts';

export interface DiagnosticsGithubOptions {
  /** Path of the workspace folder below the root of the repository, with `/` at its end; GitHub counts from the root. */
  readonly pathPrefix?: string;
}

/** Diagnostics as workflow commands: GitHub shows each on its line of the file. One line each. */
export function renderDiagnosticsGithub(
  diagnostics: readonly Diagnostic[],
  { pathPrefix = '' }: DiagnosticsGithubOptions = {},
): string {
  return diagnostics.map((diagnostic) => `${toCommand(diagnostic, pathPrefix)}\n`).join('');
}

function toCommand(diagnostic: Diagnostic, pathPrefix: string): string {
  const { severity, code, message, detail, hint, related = [] } = diagnostic;
  const properties = [...placeOf(diagnostic, pathPrefix), ['title', visible(`${message} (${code})`)]] as const;
  const text = [
    detail,
    ...(hint === undefined ? [] : [`Next: ${hint}`]),
    ...related.map(({ message: words, at }) => `Also: ${at.file}:${at.line}:${at.column} ${words}`),
  ];
  const shown = text.flatMap((paragraph) => paragraph.split('\n')).map(visible);
  const list = properties.map(([name, value]) => `${name}=${escapeCommandProperty(String(value))}`).join(',');
  return `::${severity} ${list}::${escapeCommandData(shown.join('\n'))}`;
}

function placeOf({ at }: Diagnostic, pathPrefix: string): readonly (readonly [string, string | number])[] {
  if (at === undefined) return [];
  const { file, line, column, endLine = line, endColumn } = at;
  return [
    ['file', `${pathPrefix}${file}`],
    ['line', line],
    ['endLine', endLine],
    ['col', column],
    // GitHub refuses columns for a place of several lines.
    ...(endLine === line && endColumn !== undefined ? [['endColumn', endColumn] as const] : []),
  ];
}
