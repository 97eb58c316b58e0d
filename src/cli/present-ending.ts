import picocolors from 'picocolors';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { PlatformError } from '../model/platform.ts';
import type { UserError } from '../model/user-error.ts';
import { type Ending, type ExitCode, exitCode, type Refusal } from '../operation/ending.ts';
import type { RecordGap } from '../operation/ending.ts';
import { toDiagnosticsJson } from '../report/diagnostics/render-json.ts';
import { renderDiagnosticsText } from '../report/diagnostics/render-text.ts';
import { visible } from '../report/escape/terminal.ts';
import { renderHistoryText } from '../report/history/render-history-text.ts';
import { toHistoryJson } from '../report/history/to-history-json.ts';
import { toPrintableJson } from '../report/plan/render-plan-json.ts';
import { renderPlanMarkdown } from '../report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../report/plan/render-plan-text.ts';
import { renderResultMarkdown } from '../report/result/render-result-markdown.ts';
import { renderResultText } from '../report/result/render-result-text.ts';
import { toResultJson } from '../report/result/to-result-json.ts';
import { renderDrift } from './render-drift.ts';
import { renderImported } from './render-imported.ts';
import { renderInitialized } from './render-initialized.ts';
import type { Terminal } from './terminal.ts';

export interface PresentOptions {
  readonly command: string;
  readonly format: string;
  readonly terminal: Terminal;
  /** `plan --detailed-exitcode`. */
  readonly detailed?: boolean;
  /** True: the plan of an apply was shown before it began. */
  readonly planShown?: boolean;
  /** Text of a file that a diagnostic points to. */
  readonly sourceOf?: (file: string) => string | undefined;
}

/** Writes the end of a command in the wanted format and answers the exit code. */
export function presentEnding(ending: Ending, options: PresentOptions): ExitCode {
  const code = exitCode(ending, options.detailed === undefined ? {} : { detailed: options.detailed });
  if (ending.kind === 'applied' && ending.recordGap !== undefined) options.terminal.err(renderGap(ending.recordGap));
  if (options.format === 'json') options.terminal.out(toPrintableJson(toEnvelope(ending, options.command, code)));
  else presentText(ending, options);
  return code;
}

/** What every command prints with --format json: one document of one shape. */
function toEnvelope(ending: Ending, command: string, code: ExitCode): Json {
  const base = {
    formatVersion: '1.0',
    command,
    exitCode: code,
    diagnostics: toDiagnosticsJson(ending.diagnostics),
  };
  switch (ending.kind) {
    case 'checked':
      return { ...base, files: ending.files };
    case 'planned':
      return {
        ...base,
        plan: asJson(ending.plan),
        ...(ending.refusal === undefined ? {} : { error: toRefusalJson(ending.refusal) }),
      };
    case 'drifted':
      return { ...base, plan: asJson(ending.plan), accepted: asJson(ending.accepted) };
    case 'imported':
      return {
        ...base,
        definitions: asJson(ending.definitions),
        ...(ending.result === undefined ? {} : { result: toResultJson(ending.result) }),
      };
    case 'applied':
      return {
        ...base,
        plan: asJson(ending.plan),
        result: toResultJson(ending.result),
        ...(ending.recordGap === undefined ? {} : { recordGap: asJson(ending.recordGap) }),
      };
    case 'declined':
      return {
        ...base,
        plan: asJson(ending.plan),
        error: { code: 'declined', message: ending.message, hint: ending.hint },
      };
    case 'converted':
      return { ...base, definitions: asJson(ending.definitions) };
    case 'initialized':
      return {
        ...base,
        files: asJson(ending.files),
        additions: asJson(ending.additions),
        environments: asJson(ending.environments),
      };
    case 'history':
      return { ...base, history: toHistoryJson(ending.history) };
    case 'stopped':
      return { ...base, error: toErrorJson(ending.error) };
    default:
      return ending satisfies never;
  }
}

function toRefusalJson({ message, hint }: Refusal): Json {
  return { code: 'refused', message, hint };
}

/** Plans, results and definitions are plain data by construction. */
function asJson(value: unknown): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

function toErrorJson(error: UserError): Json {
  const { requestId, status } = error instanceof PlatformError ? error : {};
  return asJson({ code: error.code, message: error.message, hint: error.hint, requestId, status });
}

function presentText(ending: Ending, options: PresentOptions): void {
  const { terminal, format } = options;
  switch (ending.kind) {
    case 'checked':
      terminal.err(renderProblems(ending.diagnostics, options));
      return;
    case 'planned':
      terminal.err(renderProblems(ending.diagnostics, options));
      terminal.out(
        format === 'markdown' ? renderPlanMarkdown(ending.plan) : renderPlanText(ending.plan, look(terminal)),
      );
      return;
    case 'applied':
      presentResult(ending, options);
      return;
    case 'drifted':
      terminal.err(renderProblems(ending.diagnostics, options));
      terminal.out(renderDrift(ending, { format, ...look(terminal) }));
      return;
    case 'imported':
      terminal.err(renderProblems(ending.diagnostics, options));
      terminal.out(renderImported(ending, look(terminal)));
      terminal.note(
        listToSet(
          ending.definitions.flatMap((definition) => definition.secrets),
          [],
        ),
      );
      return;
    case 'declined':
      terminal.err(renderStop(ending));
      return;
    case 'converted':
      presentConverted(ending, options);
      return;
    case 'initialized':
      terminal.out(renderInitialized(ending));
      return;
    case 'history':
      terminal.err(renderProblems(ending.diagnostics, options));
      terminal.out(renderHistoryText(ending.history, look(terminal)));
      return;
    case 'stopped':
      terminal.err(renderProblems(ending.diagnostics, options));
      terminal.err(renderError(ending.error, terminal));
      return;
    default:
      ending satisfies never;
  }
}

function presentResult(ending: Extract<Ending, { kind: 'applied' }>, options: PresentOptions): void {
  const { terminal, format } = options;
  if (format === 'markdown') {
    terminal.out(renderPlanMarkdown(ending.plan));
    if (ending.result.outcomes.length > 0) terminal.out(`\n${renderResultMarkdown(ending.result)}`);
    return;
  }
  if (ending.result.outcomes.length > 0) terminal.out(`\n${renderResultText(ending.result, look(terminal))}`);
}

function presentConverted(ending: Extract<Ending, { kind: 'converted' }>, options: PresentOptions): void {
  const { terminal } = options;
  terminal.err(renderProblems(ending.diagnostics, options));
  const written = ending.definitions.filter((definition) => definition.writtenTo !== undefined);
  for (const definition of written)
    terminal.out(`${visible(definition.from)} -> ${visible(definition.writtenTo ?? '')}\n`);
  if (written.length === 0) terminal.out(ending.definitions.map((definition) => definition.yaml).join('---\n'));

  const secrets = ending.definitions.flatMap((definition) => definition.secrets);
  terminal.note(
    listToSet(
      secrets,
      ending.definitions.flatMap((definition) => definition.vars),
    ),
  );
}

/** What a person has to set before the references mean anything. */
function listToSet(secrets: readonly string[], vars: readonly string[]): string {
  return [
    secrets.length === 0 ? '' : `\nSet before plan:\n${listNames(secrets, 'CONNECTORCTL_SECRET_')}`,
    vars.length === 0 ? '' : `\nAdd to the environment's vars in connectorctl.yaml:\n${listNames(vars, '')}`,
  ].join('');
}

function listNames(names: readonly string[], prefix: string): string {
  const sorted = [...new Set(names)].toSorted();
  return sorted.map((name) => `  ${prefix}${name}\n`).join('');
}

/** What a record lacks is said also where the result is read by a program, and to who wants quiet: nobody may rely on it. */
function renderGap({ file, lines, reason }: RecordGap): string {
  const what = `The record of this run is not complete: ${lines} ${lines === 1 ? 'line' : 'lines'} of ${file} could not be written (${reason}).`;
  return renderStop({ message: what, hint: 'The apply went on without them; its result tells what was done.' });
}

function renderStop({ message, hint }: Refusal): string {
  return `\n${visible(message)}\n${renderHint(hint)}`;
}

function renderProblems(diagnostics: readonly Diagnostic[], { terminal, sourceOf = noSource }: PresentOptions): string {
  if (diagnostics.length === 0) return '';
  const text = renderDiagnosticsText(diagnostics, {
    sourceOf,
    color: terminal.errColor,
    width: terminal.width,
  });
  return `${text.trimEnd()}\n\n`;
}

const noSource = (): undefined => undefined;

/** An error of the world: what, then the next step. */
function renderError(error: UserError, terminal: Terminal): string {
  const colors = picocolors.createColors(terminal.errColor);
  const id = error instanceof PlatformError ? error.requestId : undefined;
  const request = id === undefined ? '' : `  request id ${visible(id)}\n`;
  return `${colors.red('error')} ${visible(error.message)}\n${request}${renderHint(error.hint)}`;
}

function renderHint(hint = ''): string {
  const lines = hint.split('\n').filter((line) => line !== '');
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}

/** How a result looks on this terminal. */
export function look(terminal: Terminal): { readonly color: boolean; readonly width: number } {
  return { color: terminal.outColor, width: terminal.width };
}
