import picocolors from 'picocolors';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Position } from '../../model/position.ts';
import { visible } from '../../model/visible.ts';
import { hangHint, hangText } from '../hang-text.ts';
import { countDiagnostics } from './count-diagnostics.ts';
import { openSource, sourceExcerpt, type SourceText } from './source-excerpt.ts';

interface DiagnosticsTextOptions {
  /** Text of a file; without it the source line is left out. */
  readonly sourceOf: (file: string) => string | undefined;
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

interface DiagnosticsContext {
  readonly colors: ReturnType<typeof picocolors.createColors>;
  readonly width: number;
  readonly openFile: (file: string) => SourceText;
}

const narrowest = 40;

/**
 * Diagnostics for people: place, what is wrong, the source line with carets, why, and what to do next; a summary at the end.
 * Safe to print: foreign text is escaped, and literals under secret-looking keys are masked. Empty text for no diagnostics.
 */
export function renderDiagnosticsText(diagnostics: readonly Diagnostic[], options: DiagnosticsTextOptions): string {
  if (diagnostics.length === 0) return '';
  const context: DiagnosticsContext = {
    colors: picocolors.createColors(options.color),
    width: Math.max(narrowest, options.width),
    openFile: rememberSources(options.sourceOf),
  };
  const blocks = diagnostics.map((diagnostic) => renderOne(diagnostic, context).join('\n'));
  return `${[...blocks, context.colors.bold(countDiagnostics(diagnostics))].join('\n\n')}\n`;
}

function rememberSources(sourceOf: (file: string) => string | undefined): (file: string) => SourceText {
  const known = new Map<string, SourceText>();
  return (file) => {
    const source = known.get(file) ?? openSource(sourceOf(file));
    known.set(file, source);
    return source;
  };
}

function renderOne(diagnostic: Diagnostic, context: DiagnosticsContext): readonly string[] {
  const { at, detail, hint, related = [] } = diagnostic;
  const { width } = context;
  return [
    renderHead(diagnostic, context),
    ...(at === undefined ? [] : renderSource(at, context, diagnostic.severity)),
    ...hangText('', detail, { width, indent: 2 }),
    ...hangHint('next: ', hint, { width, indent: 2 }),
    ...related.map((other) => `  also: ${showPlace(other.at)} ${visible(other.message)}`),
  ];
}

function renderHead({ severity, code, message, at }: Diagnostic, { colors }: DiagnosticsContext): string {
  const paint = severity === 'error' ? colors.red : colors.yellow;
  const place = at === undefined ? '' : `${colors.bold(showPlace(at))} `;
  return `${place}${paint(severity)} ${colors.dim(visible(code))}  ${visible(message)}`;
}

function showPlace({ file, line, column }: Position): string {
  return `${visible(file)}:${line}:${column}`;
}

function renderSource(
  at: Position,
  { colors, width, openFile }: DiagnosticsContext,
  severity: 'error' | 'warning',
): readonly string[] {
  const number = String(at.line);
  const excerpt = sourceExcerpt(openFile(at.file), at, width - number.length - '   | '.length);
  if (excerpt === undefined) return [];
  const paint = severity === 'error' ? colors.red : colors.yellow;
  return [
    `  ${colors.dim(`${number} |`)} ${excerpt.source}`.trimEnd(),
    `  ${colors.dim(`${' '.repeat(number.length)} |`)} ${excerpt.marks.replace(/\^.*$/, (marks) => paint(marks))}`,
  ];
}
