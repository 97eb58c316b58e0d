import { isPutRight } from '../model/apply.ts';
import { type Change, isDrifted, isWaiting } from '../model/plan.ts';
import type { SilencedDiagnostic } from '../model/diagnostic.ts';
import { quoteWord } from '../model/shell-word.ts';
import { visible } from '../model/visible.ts';
import { listDrifted } from '../operation/exit-code.ts';
import type { AcceptedDrift, OperationResult } from '../operation/result.ts';
import { renderAnnotation } from '../report/diagnostics/annotation.ts';
import { saySilenced } from '../report/diagnostics/render-silenced.ts';
import { selectAnnotations } from '../report/github/select-annotations.ts';
import { markdownCode } from '../report/escape/markdown.ts';
import { hangText } from '../report/hang-text.ts';
import { type CommandContext, commandsAbout, completeDiagnostics, completeHint } from '../report/next-step.ts';
import { explainWithheld } from '../report/plan/plan-words.ts';
import { renderPlanMarkdown } from '../report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../report/plan/render-plan-text.ts';
import { type PresentOptions, renderProblems, renderStop } from './present-problems.ts';
import { displayOptions } from './terminal.ts';

/** A plan, and what is wrong with the definitions that it was made of. */
export function presentPlanned(result: Extract<OperationResult, { kind: 'planned' }>, options: PresentOptions): void {
  const { terminal, format, commands } = options;
  terminal.err(renderProblems(result.diagnostics, options));
  terminal.err(renderSilencedNote(result.silenced, commands));
  terminal.out(
    format === 'markdown'
      ? renderPlanMarkdown(result.plan, { commands })
      : renderPlanText(result.plan, { ...displayOptions(terminal), commands, next: result.refusal === undefined }),
  );
  if (result.refusal !== undefined) terminal.err(renderStop(result.refusal, commandsAbout(result.plan, commands)));
}

const longestCommand = 400;

function renderSilencedNote(silenced: readonly SilencedDiagnostic[], commands: CommandContext): string {
  if (silenced.length === 0) return '';
  const command = completeHint('connectorctl validate --show-silenced', commands) ?? '';
  return `${saySilenced(silenced.length)} List them: ${command}\n\n`;
}

/** What drifted, or what of it was written into the definitions. */
export function presentDrifted(result: Extract<OperationResult, { kind: 'drifted' }>, options: PresentOptions): void {
  const { terminal, format } = options;
  if (format === 'github') {
    terminal.raw(renderDriftGithub(result, options));
    return;
  }
  terminal.err(renderProblems(result.diagnostics, options));
  terminal.out(renderDrift(result, options));
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
  if (accepted.length > 0)
    return accepted.map(renderAccepted).join('') + completeHint(renderRemaining(listDrifted(plan, accepted)), about);
  const shown =
    format === 'markdown'
      ? renderPlanMarkdown(plan, { commands, title: `connectorctl drift: ${plan.environment}` })
      : renderPlanText(plan, { ...displayOptions(terminal), commands, next: false });
  const canKeep = drifted.some(({ fields }) => fields.length > 0);
  const ways =
    drifted.length === 0
      ? []
      : [...listWaysBack(drifted), ...(canKeep ? [['Keep it', 'connectorctl drift --accept KEY'] as const] : [])];
  const lines = ways.map(([aim, command]) => showWay(aim, completeHint(command, about), format));
  return shown + (lines.length === 0 ? '' : `\n${lines.join('\n')}\n`);
}

/** In Markdown, lines that are no list would be one line, and the signs of a pattern would be emphasis. */
function showWay(aim: string, command: string, format: string): string {
  return format === 'markdown' ? `- ${aim}: ${markdownCode(command, longestCommand)}` : `${aim}:  ${command}`;
}

/** What an apply brings back, and what only a person can. */
function listWaysBack(drifted: readonly Change[]): readonly (readonly [aim: string, command: string])[] {
  const applied = drifted.filter(isPutRight);
  const isLeft = drifted.some(({ notes }) => notes.some(({ code }) => code === 'subscription-left'));
  const waiting = drifted.filter(isWaiting);
  const [only] = waiting;
  const named = waiting.length === 1 && only !== undefined ? quoteWord(only.key) : '--all';
  const ways = {
    // Nothing tells an instance that is gone from one that was never made.
    [applied.every(({ action }) => action === 'create') ? 'Create it' : 'Undo it']:
      applied.length > 0 && 'connectorctl apply',
    'Remove what is left': isLeft && 'connectorctl apply --prune-subscriptions',
    'Log it in': waiting.length > 0 && `connectorctl authorize ${named}`,
  };
  return Object.entries(ways).flatMap(([aim, command]) => (command === false ? [] : [[aim, command] as const]));
}

/** Drift as workflow commands: GitHub shows each on its line of the definition. */
function renderDriftGithub(
  { plan, diagnostics, workspaceFile }: Extract<OperationResult, { kind: 'drifted' }>,
  { commands, pathPrefix }: PresentOptions,
): string {
  // GitHub shows the first ones, which are the most dangerous; what it does not show is to stand in the log at least.
  const options = {
    workspaceFile,
    pathPrefix,
    commands,
    perLevel: Number.POSITIVE_INFINITY,
    total: Number.POSITIVE_INFINITY,
  };
  const { annotations } = selectAnnotations(plan, completeDiagnostics(diagnostics, commands), options);
  return annotations.map((one) => `${renderAnnotation(one)}\n`).join('');
}

/** What the exit code counts besides what was written. */
function renderRemaining(changes: readonly Change[]): string {
  const [first] = changes;
  if (first === undefined) return '';
  const who = changes.length === 1 ? visible(first.key) : `${changes.length} instances`;
  return `\nThere is drift still, in ${who}:\n  connectorctl drift\n`;
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
