import picocolors from 'picocolors';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { PlatformError } from '../model/platform.ts';
import type { UserError } from '../model/user-error.ts';
import { type OperationResult, type ExitCode, exitCode, type Refusal } from '../operation/result.ts';
import type { RecordGap } from '../operation/result.ts';
import { toDiagnosticsJson } from '../report/diagnostics/render-json.ts';
import { renderDiagnosticsText } from '../report/diagnostics/render-text.ts';
import { visible } from '../report/escape/terminal.ts';
import { renderHistoryText } from '../report/history/render-history-text.ts';
import { toHistoryJson } from '../report/history/to-history-json.ts';
import { explainPlan, toPrintableJson } from '../report/plan/render-plan-json.ts';
import { renderPlanMarkdown } from '../report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../report/plan/render-plan-text.ts';
import { renderResultMarkdown } from '../report/result/render-result-markdown.ts';
import { renderResultText } from '../report/result/render-result-text.ts';
import { toResultJson } from '../report/result/to-result-json.ts';
import { renderDrift, renderDriftGithub } from './render-drift.ts';
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
export function presentResult(result: OperationResult, options: PresentOptions): ExitCode {
  const code = exitCode(result, options.detailed === undefined ? {} : { detailed: options.detailed });
  if (result.kind === 'applied' && result.recordGap !== undefined) options.terminal.err(renderGap(result.recordGap));
  if (options.format === 'json') options.terminal.out(toPrintableJson(toEnvelope(result, options.command, code)));
  else presentText(result, options);
  return code;
}

/** What every command prints with --format json: one document of one shape. */
function toEnvelope(result: OperationResult, command: string, code: ExitCode): Json {
  const base = {
    formatVersion: '1.0',
    command,
    exitCode: code,
    diagnostics: toDiagnosticsJson(result.diagnostics),
  };
  switch (result.kind) {
    case 'checked':
      return { ...base, files: result.files };
    case 'planned':
      return {
        ...base,
        plan: asJson(explainPlan(result.plan)),
        ...(result.refusal === undefined ? {} : { error: toRefusalJson(result.refusal) }),
      };
    case 'drifted':
      return { ...base, plan: asJson(explainPlan(result.plan)), accepted: asJson(result.accepted) };
    case 'imported':
      return {
        ...base,
        definitions: asJson(result.definitions),
        ...(result.applied === undefined ? {} : { result: toResultJson(result.applied) }),
      };
    case 'applied':
      return {
        ...base,
        plan: asJson(explainPlan(result.plan)),
        result: toResultJson(result.applied),
        ...(result.recordGap === undefined ? {} : { recordGap: asJson(result.recordGap) }),
      };
    case 'declined':
      return {
        ...base,
        plan: asJson(explainPlan(result.plan)),
        error: { code: 'declined', message: result.message, hint: result.hint },
      };
    case 'converted':
      return { ...base, definitions: asJson(result.definitions) };
    case 'initialized':
      return {
        ...base,
        files: asJson(result.files),
        additions: asJson(result.additions),
        environments: asJson(result.environments),
      };
    case 'history':
      return { ...base, history: toHistoryJson(result.history) };
    case 'stopped':
      return { ...base, error: toErrorJson(result.error) };
    default:
      return result satisfies never;
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

function presentText(result: OperationResult, options: PresentOptions): void {
  const { terminal, format } = options;
  switch (result.kind) {
    case 'checked':
      terminal.err(renderProblems(result.diagnostics, options));
      return;
    case 'planned':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(
        format === 'markdown' ? renderPlanMarkdown(result.plan) : renderPlanText(result.plan, look(terminal)),
      );
      return;
    case 'applied':
      presentApplied(result, options);
      return;
    case 'drifted':
      if (format === 'github') {
        terminal.out(renderDriftGithub(result));
        return;
      }
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderDrift(result, { format, ...look(terminal) }));
      return;
    case 'imported':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderImported(result, look(terminal)));
      terminal.note(
        listToSet(
          result.definitions.flatMap((definition) => definition.secrets),
          [],
        ),
      );
      return;
    case 'declined':
      terminal.err(renderStop(result));
      return;
    case 'converted':
      presentConverted(result, options);
      return;
    case 'initialized':
      terminal.out(renderInitialized(result));
      return;
    case 'history':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderHistoryText(result.history, look(terminal)));
      return;
    case 'stopped':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.err(renderError(result.error, terminal));
      return;
    default:
      result satisfies never;
  }
}

function presentApplied(result: Extract<OperationResult, { kind: 'applied' }>, options: PresentOptions): void {
  const { terminal, format } = options;
  if (format === 'markdown') {
    terminal.out(renderPlanMarkdown(result.plan));
    if (result.applied.outcomes.length > 0) terminal.out(`\n${renderResultMarkdown(result.applied)}`);
    return;
  }
  if (result.applied.outcomes.length > 0) terminal.out(`\n${renderResultText(result.applied, look(terminal))}`);
}

function presentConverted(result: Extract<OperationResult, { kind: 'converted' }>, options: PresentOptions): void {
  const { terminal } = options;
  terminal.err(renderProblems(result.diagnostics, options));
  const written = result.definitions.filter((definition) => definition.writtenTo !== undefined);
  for (const definition of written)
    terminal.out(`${visible(definition.from)} -> ${visible(definition.writtenTo ?? '')}\n`);
  if (written.length === 0) terminal.out(result.definitions.map((definition) => definition.yaml).join('---\n'));

  const secrets = result.definitions.flatMap((definition) => definition.secrets);
  terminal.note(
    listToSet(
      secrets,
      result.definitions.flatMap((definition) => definition.vars),
    ),
  );
}

/** What a person has to set before the references mean anything. */
function listToSet(secrets: readonly string[], vars: readonly string[]): string {
  return [
    secrets.length === 0 ? '' : `\nSet before the next plan:\n${listNames(secrets, 'CONNECTORCTL_SECRET_')}`,
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
  return renderStop({ message: what, hint: 'The apply went on without them; its result shows what was done.' });
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
