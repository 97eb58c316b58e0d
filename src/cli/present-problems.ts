import picocolors from 'picocolors';
import type { Diagnostic } from '../model/diagnostic.ts';
import { PlatformError } from '../model/platform.ts';
import type { UserError } from '../model/user-error.ts';
import { visible } from '../model/visible.ts';
import type { RecordGap, Refusal } from '../operation/result.ts';
import { renderDiagnosticsText } from '../report/diagnostics/render-text.ts';
import { type CommandContext, completeDiagnostics, completeHint } from '../report/next-step.ts';
import type { Terminal } from './terminal.ts';

export interface PresentOptions {
  readonly command: string;
  readonly format: string;
  readonly terminal: Terminal;
  /** What the commands of next steps take along. */
  readonly commands: CommandContext;
  /** `plan --detailed-exitcode`. */
  readonly detailed?: boolean | undefined;
  /** Text of a file that a diagnostic points to. */
  readonly sourceOf?: ((file: string) => string | undefined) | undefined;
  /** Path of the workspace folder below the root of the repository, with `/` at its end. */
  readonly pathPrefix?: string | undefined;
}

/** The problems of a result as text; empty when there are none. */
export function renderProblems(diagnostics: readonly Diagnostic[], options: PresentOptions): string {
  const { terminal, sourceOf = noSource } = options;
  if (diagnostics.length === 0) return '';
  const text = renderDiagnosticsText(completeDiagnostics(diagnostics, options.commands), {
    sourceOf,
    color: terminal.errColor,
    width: terminal.width,
  });
  return `${text.trimEnd()}\n\n`;
}

const noSource = (): undefined => undefined;

/** What a record lacks is said also where the result is read by a program, and to who wants quiet: nobody may rely on it. */
export function renderGap({ file, lines, reason }: RecordGap): string {
  const what = `The record of this run is not complete: ${lines} ${lines === 1 ? 'line' : 'lines'} of ${file} could not be written (${reason}).`;
  return renderStop({ message: what, hint: 'The apply went on without them; its result shows what was done.' });
}

/** Why a command went no further, and what can be done about it. */
export function renderStop({ message, hint }: Refusal, commands: CommandContext = {}): string {
  return `\n${visible(message)}\n${renderHint(hint, commands)}`;
}

/** An error of the world: what, then the next step. */
export function renderError(
  error: UserError,
  { color, commands }: { readonly color: boolean; readonly commands: CommandContext },
): string {
  const colors = picocolors.createColors(color);
  const id = error instanceof PlatformError ? error.requestId : undefined;
  const request = id === undefined ? '' : `  request id ${visible(id)}\n`;
  return `${colors.red('error')} ${visible(error.message)}\n${request}${renderHint(error.hint, commands)}`;
}

function renderHint(hint = '', commands: CommandContext): string {
  const lines = completeHint(hint, commands)
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}
