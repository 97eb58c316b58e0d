import { hangText } from '../report/hang-text.ts';
import { explainWithheld } from '../report/plan/plan-words.ts';
import { makeKeyCommand } from '../model/hashing.ts';
import { type Change, isDrifted, isWaiting } from '../model/plan.ts';
import { renderAnnotation } from '../report/diagnostics/annotation.ts';
import { selectAnnotations } from '../report/github/select-annotations.ts';
import picocolors from 'picocolors';
import type { Diagnostic, SilencedDiagnostic } from '../model/diagnostic.ts';
import { nameLeftOut } from '../model/apply.ts';
import { PlatformError } from '../model/platform.ts';
import type { SetUp } from '../model/set-up-check.ts';
import type { UserError } from '../model/user-error.ts';
import { visible } from '../model/visible.ts';
import { renderImported, renderImportedToSet, renderImportNext } from './present-import.ts';
import { renderToSet } from './render-to-set.ts';
import { readingEnvironment } from '../operation/init/workflow-settings.ts';
import type { AcceptedDrift, InitializedFile, OperationResult, RecordGap, Refusal } from '../operation/result.ts';
import { saySilenced } from '../report/diagnostics/render-silenced.ts';
import { renderDiagnosticsText } from '../report/diagnostics/render-text.ts';
import { renderConnectorList, renderConnectorText } from '../report/catalogue/render-connector-text.ts';
import { type CommandContext, commandsAbout, completeDiagnostics, completeHint } from '../report/next-step.ts';
import { quoteWord } from '../model/shell-word.ts';
import { renderSecretList } from '../report/secrets/render-secret-list.ts';
import { renderDeliveries } from '../report/events/render-deliveries.ts';
import { renderVerdict } from '../report/events/render-verdict.ts';
import { renderHistoryText } from '../report/history/render-history-text.ts';
import { renderPlanMarkdown } from '../report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../report/plan/render-plan-text.ts';
import { renderAsked } from '../report/consent/render-asked.ts';
import { renderResultMarkdown } from '../report/result/render-result-markdown.ts';
import { renderResultText } from '../report/result/render-result-text.ts';
import { renderSetUpText } from '../report/doctor/render-set-up-text.ts';
import { renderStatusText } from '../report/status/render-status-text.ts';
import { displayOptions, type Terminal } from './terminal.ts';

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
}

/** Writes the result of a command as people read it: problems and errors to stderr, all else to stdout. */
export function presentText(result: OperationResult, options: PresentOptions): void {
  const { terminal, format, commands } = options;
  switch (result.kind) {
    case 'checked':
      terminal.err(renderProblems(result.diagnostics, options));
      return;
    case 'planned':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.err(renderSilencedNote(result.silenced, commands));
      terminal.out(
        format === 'markdown'
          ? renderPlanMarkdown(result.plan, { commands })
          : renderPlanText(result.plan, {
              ...displayOptions(terminal),
              commands,
              next: result.refusal === undefined,
            }),
      );
      if (result.refusal !== undefined) terminal.err(renderStop(result.refusal, commandsAbout(result.plan, commands)));
      return;
    case 'applied':
      presentApplied(result, options);
      return;
    case 'drifted':
      if (options.format === 'github') {
        terminal.raw(renderDriftGithub(result, commands));
        return;
      }
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderDrift(result, options));
      return;
    case 'imported': {
      const importDisplay = { ...displayOptions(terminal), commands, isScreen: terminal.screen !== undefined };
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderImported(result, importDisplay));
      terminal.note(renderImportedToSet(result.definitions) + renderImportNext(result, importDisplay));
      return;
    }
    case 'asked':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderAsked(result, commandsAbout(result.plan, commands)));
      return;
    case 'declined':
      terminal.err(renderStop(result, commandsAbout(result.plan, commands)));
      return;
    case 'converted':
      presentConverted(result, options);
      return;
    case 'pulled':
      terminal.out(result.connectors.map(({ file, status }) => `${status.padEnd(9)}  ${visible(file)}\n`).join(''));
      terminal.note(renderEditorFiles(result.editorFiles));
      terminal.err(renderProblems(result.diagnostics, options));
      return;
    case 'explained':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderConnectorText(result.page, displayOptions(terminal)));
      return;
    case 'listed':
      terminal.out(renderConnectorList(result, displayOptions(terminal)));
      return;
    case 'secrets':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderSecretList(result, displayOptions(terminal)));
      return;
    case 'status':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderStatusText(result.status, displayOptions(terminal)));
      return;
    case 'examined':
      terminal.out(renderSetUpText(completeSetUp(result.setUp, commands), displayOptions(terminal)));
      return;
    case 'initialized':
      terminal.out(renderInitialized(result, commands));
      return;
    case 'events':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderDeliveries(result, displayOptions(terminal)));
      return;
    case 'verified':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderVerdict(result, displayOptions(terminal)));
      return;
    case 'history':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderHistoryText(result.history, displayOptions(terminal)));
      return;
    case 'stopped':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.err(renderError(result.error, options));
      return;
    default:
      result satisfies never;
  }
}

/** A set-up whose hints are complete. */
export function completeSetUp({ environment, checks }: SetUp, commands: CommandContext): SetUp {
  const hintOf = (hint: string | undefined) => (hint === undefined ? undefined : completeHint(hint, commands));
  return {
    environment,
    checks: checks.map(({ name, status, message, hint }) => ({ name, status, message, hint: hintOf(hint) })),
  };
}

function presentApplied(result: Extract<OperationResult, { kind: 'applied' }>, options: PresentOptions): void {
  const { terminal, format } = options;
  const commands = commandsAbout(result.plan, options.commands);
  const applied = nameLeftOut(result.applied, result.plan);
  const isShown = applied.outcomes.length > 0 || applied.subscriptions !== undefined;
  if (format === 'markdown') {
    terminal.out(renderPlanMarkdown(result.plan, { commands: options.commands }));
    if (isShown) terminal.out(`\n${renderResultMarkdown(applied, { commands })}`);
    return;
  }
  if (isShown) terminal.out(`\n${renderResultText(applied, { ...displayOptions(terminal), commands })}`);
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

/** What a record lacks is said also where the result is read by a program, and to who wants quiet: nobody may rely on it. */
export function renderGap({ file, lines, reason }: RecordGap): string {
  const what = `The record of this run is not complete: ${lines} ${lines === 1 ? 'line' : 'lines'} of ${file} could not be written (${reason}).`;
  return renderStop({ message: what, hint: 'The apply went on without them; its result shows what was done.' });
}

function renderStop({ message, hint }: Refusal, commands: CommandContext = {}): string {
  return `\n${visible(message)}\n${renderHint(hint, commands)}`;
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

function renderSilencedNote(silenced: readonly SilencedDiagnostic[], commands: CommandContext): string {
  if (silenced.length === 0) return '';
  const command = completeHint('connectorctl validate --show-silenced', commands) ?? '';
  return `${saySilenced(silenced.length)} List them: ${command}\n\n`;
}

const noSource = (): undefined => undefined;

/** An error of the world: what, then the next step. */
function renderError(error: UserError, { terminal, commands }: PresentOptions): string {
  const colors = picocolors.createColors(terminal.errColor);
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

/** What drifted, and what of it was written into the definitions. Ends with a line feed. */
function renderDrift(
  { plan, accepted }: Extract<OperationResult, { kind: 'drifted' }>,
  { format, terminal, commands }: PresentOptions,
): string {
  const about = commandsAbout(plan, commands);
  const drifted = plan.changes.filter(isDrifted);
  const limits = hangText('', explainWithheld(plan), displayOptions(terminal))
    .map((line) => `${line}\n`)
    .join('');
  if (plan.changes.length === 0) return `No drift. The platform matches what was last applied.\n${limits}`;
  if (accepted.length > 0) return accepted.map(renderAccepted).join('');
  const shown =
    format === 'markdown'
      ? renderPlanMarkdown(plan, { commands, title: `connectorctl drift: ${plan.environment}` })
      : renderPlanText(plan, { ...displayOptions(terminal), commands, next: false });
  const canKeep = drifted.some(({ fields }) => fields.length > 0);
  const ways =
    drifted.length === 0
      ? []
      : [...listWaysBack(drifted), ...(canKeep ? ['Keep it:  connectorctl drift --accept KEY'] : [])];
  const next = ways.length === 0 ? '' : `\n${ways.join('\n')}\n`;
  return shown + completeHint(next, about);
}

/** What an apply brings back, and what only a person can: an apply leaves alone what waits. */
function listWaysBack(drifted: readonly Change[]): readonly string[] {
  // What is unchanged and harmed all the same, an apply does not put right.
  const applied = drifted.filter((change) => !isWaiting(change) && change.action !== 'unchanged');
  const isLeft = drifted.some(({ notes }) => notes.some(({ code }) => code === 'subscription-left'));
  const waiting = drifted.filter(isWaiting);
  const [only] = waiting;
  const named = waiting.length === 1 && only !== undefined ? quoteWord(only.key) : '--all';
  return [
    // Nothing tells an instance that is gone from one that was never made.
    ...(applied.length === 0
      ? []
      : [`${applied.every(({ action }) => action === 'create') ? 'Create it' : 'Undo it'}:  connectorctl apply`]),
    ...(isLeft ? ['Remove what is left:  connectorctl apply --prune-subscriptions'] : []),
    ...(waiting.length === 0 ? [] : [`Log it in:  connectorctl authorize ${named}`]),
  ];
}

/** Drift as workflow commands: GitHub shows each on its line of the definition. */
function renderDriftGithub(
  { plan, diagnostics }: Extract<OperationResult, { kind: 'drifted' }>,
  commands: CommandContext,
): string {
  const options = { workspaceFile: 'connectorctl.yaml', commands };
  const { annotations } = selectAnnotations(plan, completeDiagnostics(diagnostics, commands), options);
  return annotations.map((one) => `${renderAnnotation(one)}\n`).join('');
}

function renderAccepted({ key, file, fields, refused, replaced = [] }: AcceptedDrift): string {
  const head = `${visible(key)}: ${fields} ${fields === 1 ? 'field' : 'fields'} written to ${visible(file)}\n`;
  const lost = replaced.map(
    ({ at, vars }) =>
      `  ${visible(at)} no longer follows ${vars.map((name) => `\${{ vars.${visible(name)} }}`).join(', ')}: its value is written out. Set the variable instead if it should.\n`,
  );
  const stays = refused.map(({ at, reason }) => `  ${visible(at)} stays: ${visible(reason)}\n`);
  return head + [...lost, ...stays].join('');
}

const fileWords: Readonly<Record<InitializedFile['status'], string>> = {
  written: 'written  ',
  changed: 'changed  ',
  kept: 'kept     ',
  unchanged: 'unchanged',
};

const nextCommands = ['connectorctl validate', 'connectorctl plan', 'connectorctl apply'];

/** Which schemas follow what was pulled; empty when none had to. */
function renderEditorFiles(files: readonly string[]): string {
  return files.length === 0 ? '' : `For editors: ${files.map(visible).join(', ')}\n`;
}

/** What init did, what is left to do by hand, and the next commands. Ends with a line feed. */
function renderInitialized(
  result: Extract<OperationResult, { kind: 'initialized' }>,
  commands: CommandContext,
): string {
  const { files, additions, editorAdditions, differences, environments, hasDefinitions } = result;
  const all = hasDefinitions ? nextCommands : ['connectorctl import --all', ...nextCommands.slice(0, 2)];
  const kept = files.some(({ status }) => status === 'kept');
  return [
    files.map(({ file, status }) => `${fileWords[status]}  ${visible(file)}\n`).join(''),
    kept ? '\nExisting files that differ were kept as they are. To have one written again, remove it first.\n' : '',
    ...additions.map(renderAddition),
    ...editorAdditions.map(({ file, lines }) => `\nAdd to ${visible(file)} by hand:\n${indent(lines)}`),
    ...differences.map(
      ({ file, lines }) =>
        `\n${visible(file)} was changed by hand and kept. From it to what this version writes:\n${indent(lines)}`,
    ),
    ...environments.filter(({ secrets }) => secrets.length > 0).map(renderSecrets),
    `\nNext:\n${indent(all.map((command) => completeHint(command, commands)))}`,
  ].join('');
}

type WorkflowAddition = Extract<OperationResult, { kind: 'initialized' }>['additions'][number];

function renderAddition({ file, lines, environments }: WorkflowAddition): string {
  return environments === undefined
    ? `\nAdd to ${visible(file)}, to \`env:\` of the step that uses connectorctl:\n${indent(lines)}`
    : `\n${visible(file)} has no job for ${environments.map(visible).join(', ')}. ${placeOf(lines)}:\n${indent(lines)}`;
}

/** Where the environments of a workflow stand: in a matrix, or among what a person chooses from. */
function placeOf([line = '']: readonly string[]): string {
  return line.startsWith('options:') ? 'Put into its input `environment`' : 'Put into the matrix of its job';
}

type InitializedEnvironment = Extract<OperationResult, { kind: 'initialized' }>['environments'][number];

/** More names than these would hide what else there is to read. */
const maxNames = 6;

function renderSecrets({ name, secrets, ownHost }: InitializedEnvironment): string {
  const reading = visible(readingEnvironment(name));
  return `\nOn GitHub, under Settings > Environments, create ${reading} and ${visible(name)}, each with these secrets.\nRestrict ${visible(name)} to the default branch, and set the required reviewers of an apply.\n${indent(
    [
      'CONNECTORCTL_USER_SECRET',
      'CONNECTORCTL_ORGANIZATION_SECRET',
      `CONNECTORCTL_FINGERPRINT_KEY  one for each environment, from: ${makeKeyCommand}`,
    ],
  )}${sayBundle(name, secrets)}${
    ownHost === undefined
      ? ''
      : `No vendor documents ${visible(ownHost)} as a host of the platform. If it is right, give both this variable (not a secret):\n${indent([`CONNECTORCTL_ALLOWED_HOSTS=${ownHost}`])}`
  }`;
}

/** Plans are made without it, so that whoever can push a branch cannot read it. */
function sayBundle(environment: string, secrets: readonly string[]): string {
  const bundle = renderBundle(environment, secrets);
  return bundle === '' ? '' : `and ${visible(environment)} alone with this one:\n${bundle}`;
}

/** The one secret that holds those of the definitions, by the names that they have there. */
function renderBundle(environment: string, secrets: readonly string[]): string {
  const prefix = 'CONNECTORCTL_SECRET_';
  const names = secrets.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  if (names.length === 0) return '';
  const shown = names.slice(0, maxNames).map((name) => `${JSON.stringify(name)}: "..."`);
  const rest = names.length - shown.length;
  const more = rest === 0 ? '' : `, and ${rest} more: connectorctl secrets list --env ${visible(environment)}`;
  return indent([`CONNECTORCTL_SECRETS          {${shown.join(', ')}}${more}`]);
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}
