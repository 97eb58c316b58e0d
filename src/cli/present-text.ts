import { isDrifted } from '../model/plan.ts';
import { renderAnnotation } from '../report/diagnostics/annotation.ts';
import { selectAnnotations } from '../report/github/select-annotations.ts';
import picocolors from 'picocolors';
import type { Diagnostic } from '../model/diagnostic.ts';
import { PlatformError } from '../model/platform.ts';
import type { UserError } from '../model/user-error.ts';
import { visible } from '../model/visible.ts';
import { readingEnvironment } from '../operation/init/workflow-settings.ts';
import type {
  AcceptedDrift,
  ImportedDefinition,
  InitializedFile,
  OperationResult,
  RecordGap,
  Refusal,
} from '../operation/result.ts';
import { renderDiagnosticsText } from '../report/diagnostics/render-text.ts';
import { renderHistoryText } from '../report/history/render-history-text.ts';
import { renderPlanMarkdown } from '../report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../report/plan/render-plan-text.ts';
import { renderResultMarkdown } from '../report/result/render-result-markdown.ts';
import { renderResultText } from '../report/result/render-result-text.ts';
import { type DisplayOptions, displayOptions, type Terminal } from './terminal.ts';

export interface PresentOptions {
  readonly command: string;
  readonly format: string;
  readonly terminal: Terminal;
  /** `plan --detailed-exitcode`. */
  readonly detailed?: boolean | undefined;
  /** Text of a file that a diagnostic points to. */
  readonly sourceOf?: ((file: string) => string | undefined) | undefined;
}

/** Writes the result of a command as people read it: problems and errors to stderr, all else to stdout. */
export function presentText(result: OperationResult, options: PresentOptions): void {
  const { terminal, format } = options;
  switch (result.kind) {
    case 'checked':
      terminal.err(renderProblems(result.diagnostics, options));
      return;
    case 'planned':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(
        format === 'markdown'
          ? renderPlanMarkdown(result.plan)
          : renderPlanText(result.plan, { ...displayOptions(terminal), next: result.refusal === undefined }),
      );
      if (result.refusal !== undefined) terminal.err(renderStop(result.refusal));
      return;
    case 'applied':
      presentApplied(result, options);
      return;
    case 'drifted':
      if (options.format === 'github') {
        terminal.raw(renderDriftGithub(result));
        return;
      }
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderDrift(result, options));
      return;
    case 'imported':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderImported(result, displayOptions(terminal)));
      terminal.note(
        renderToSet(
          result.definitions.flatMap((one) => one.secrets),
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
      terminal.out(renderHistoryText(result.history, displayOptions(terminal)));
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
  if (result.applied.outcomes.length > 0)
    terminal.out(`\n${renderResultText(result.applied, displayOptions(terminal))}`);
}

function presentConverted(result: Extract<OperationResult, { kind: 'converted' }>, options: PresentOptions): void {
  const { terminal } = options;
  terminal.err(renderProblems(result.diagnostics, options));
  const written = result.definitions.filter((definition) => definition.writtenTo !== undefined);
  for (const definition of written)
    terminal.out(`${visible(definition.from)} -> ${visible(definition.writtenTo ?? '')}\n`);
  if (written.length === 0) terminal.raw(result.definitions.map((definition) => definition.yaml).join('---\n'));

  const [secrets, vars] = [
    result.definitions.flatMap((one) => one.secrets),
    result.definitions.flatMap((one) => one.vars),
  ];
  terminal.note(renderToSet(secrets, vars));
}

/** What a person has to set before the references mean anything. */
function renderToSet(secrets: readonly string[], vars: readonly string[]): string {
  return [
    secrets.length === 0 ? '' : `\nSet before the next plan:\n${renderNames(secrets, 'CONNECTORCTL_SECRET_')}`,
    vars.length === 0 ? '' : `\nAdd to the environment's vars in connectorctl.yaml:\n${renderNames(vars, '')}`,
  ].join('');
}

function renderNames(names: readonly string[], prefix: string): string {
  const sorted = [...new Set(names)].toSorted();
  return sorted.map((name) => `  ${prefix}${name}\n`).join('');
}

/** What a record lacks is said also where the result is read by a program, and to who wants quiet: nobody may rely on it. */
export function renderGap({ file, lines, reason }: RecordGap): string {
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

/** What drifted, and what of it was written into the definitions. Ends with a line feed. */
function renderDrift(
  { plan, accepted }: Extract<OperationResult, { kind: 'drifted' }>,
  { format, terminal }: PresentOptions,
): string {
  const drifted = plan.changes.filter(isDrifted);
  if (plan.changes.length === 0) return 'No drift. The platform matches what was last applied.\n';
  if (accepted.length > 0) return accepted.map(renderAccepted).join('');
  const shown =
    format === 'markdown'
      ? renderPlanMarkdown(plan)
      : renderPlanText(plan, { ...displayOptions(terminal), next: false });
  const canKeep = drifted.some(({ fields }) => fields.length > 0);
  const keep = canKeep ? 'Keep it:  connectorctl drift --accept KEY\n' : '';
  const next = drifted.length === 0 ? '' : `\nUndo it:  connectorctl apply\n${keep}`;
  return shown + next;
}

/** Drift as workflow commands: GitHub shows each on its line of the definition. */
function renderDriftGithub({ plan, diagnostics }: Extract<OperationResult, { kind: 'drifted' }>): string {
  const { annotations } = selectAnnotations(plan, diagnostics, { workspaceFile: 'connectorctl.yaml' });
  return annotations.map((one) => `${renderAnnotation(one)}\n`).join('');
}

function renderAccepted({ key, file, fields, refused }: AcceptedDrift): string {
  const head = `${visible(key)}: ${fields} ${fields === 1 ? 'field' : 'fields'} written to ${visible(file)}\n`;
  return head + refused.map(({ at, reason }) => `  ${visible(at)} stays: ${visible(reason)}\n`).join('');
}

const importWords: Readonly<Record<ImportedDefinition['status'], string>> = {
  written: 'written to',
  changed: 'brought up to date in',
  unchanged: 'already the same as in',
};

/** What was imported: a line for each instance, and what became of its tags. Ends with a line feed. */
function renderImported(
  { definitions, applied }: Extract<OperationResult, { kind: 'imported' }>,
  display: DisplayOptions,
): string {
  if (definitions.length === 0) return 'Nothing to import: no instance without an owner matches.\n';
  const lines = definitions.map(
    ({ id, file, status, leftOut }) =>
      `instance ${visible(id)} ${importWords[status]} ${visible(file)}${leftOut.length === 0 ? '' : `, ${leftOut.length} keys left out`}\n`,
  );
  return lines.join('') + (applied === undefined ? '' : `\n${renderResultText(applied, display)}`);
}

const fileWords: Readonly<Record<InitializedFile['status'], string>> = {
  written: 'written  ',
  kept: 'kept     ',
  unchanged: 'unchanged',
};

const nextCommands = ['connectorctl validate', 'connectorctl plan', 'connectorctl apply'];

/** What init did, what is left to do by hand, and the next commands. Ends with a line feed. */
function renderInitialized(result: Extract<OperationResult, { kind: 'initialized' }>): string {
  const { files, additions, environments, hasDefinitions } = result;
  const kept = files.some(({ status }) => status === 'kept');
  return [
    files.map(({ file, status }) => `${fileWords[status]}  ${visible(file)}\n`).join(''),
    kept ? '\nExisting files that differ were kept as they are. To have one written again, remove it first.\n' : '',
    ...additions.map(
      ({ file, lines }) =>
        `\nAdd to ${visible(file)}, to \`env:\` of the step that uses connectorctl:\n${indent(lines)}`,
    ),
    ...environments.filter(({ secrets }) => secrets.length > 0).map(renderSecrets),
    `\nNext:\n${indent(hasDefinitions ? nextCommands : ['connectorctl import --all', ...nextCommands.slice(0, 2)])}`,
  ].join('');
}

type InitializedEnvironment = Extract<OperationResult, { kind: 'initialized' }>['environments'][number];

function renderSecrets(environment: InitializedEnvironment): string {
  const { name, secrets } = environment;
  return `\nOn GitHub, under Settings > Environments, create ${visible(readingEnvironment(environment))} and ${visible(name)}, each with these secrets.\nRestrict ${visible(name)} to the default branch, and set the required reviewers of an apply.\n${indent(secrets)}`;
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}
