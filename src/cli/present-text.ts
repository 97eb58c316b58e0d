import { nameLeftOut } from '../model/apply.ts';
import type { SetUp } from '../model/set-up-check.ts';
import { visible } from '../model/visible.ts';
import type { OperationResult } from '../operation/result.ts';
import { type CommandContext, commandsAbout, completeHint } from '../report/next-step.ts';
import { type PresentOptions, renderError, renderProblems, renderStop } from './present-problems.ts';
import { displayOptions } from './terminal.ts';

/** Writes the result of a command as people read it: problems and errors to stderr, all else to stdout. Of the words, only those for this result are loaded. */
export async function presentText(result: OperationResult, options: PresentOptions): Promise<void> {
  const { terminal, commands } = options;
  const display = displayOptions(terminal);
  switch (result.kind) {
    case 'checked':
      terminal.err(renderProblems(result.diagnostics, options));
      return;
    case 'planned':
      (await import('./present-plan.ts')).presentPlanned(result, options);
      return;
    case 'applied':
      await presentApplied(result, options);
      return;
    case 'drifted':
      (await import('./present-plan.ts')).presentDrifted(result, options);
      return;
    case 'imported': {
      const { renderImported, renderImportedToSet, renderImportNext } = await import('./present-import.ts');
      const importDisplay = { ...display, commands, isScreen: terminal.screen !== undefined };
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderImported(result, importDisplay));
      terminal.note(renderImportedToSet(result.definitions) + renderImportNext(result, importDisplay));
      if (result.stoppedBy !== undefined) terminal.err(renderError(result.stoppedBy, { ...display, commands }));
      return;
    }
    case 'asked': {
      const { renderAsked } = await import('../report/consent/render-asked.ts');
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderAsked(result, commandsAbout(result.plan, commands)));
      return;
    }
    case 'declined':
      terminal.err(renderStop(result, commandsAbout(result.plan, commands)));
      return;
    case 'converted':
      await presentConverted(result, options);
      return;
    case 'pulled':
      terminal.out(result.connectors.map(({ file, status }) => `${status.padEnd(9)}  ${visible(file)}\n`).join(''));
      terminal.note(renderEditorFiles(result.editorFiles));
      terminal.err(renderProblems(result.diagnostics, options));
      return;
    case 'explained': {
      const { renderConnectorText } = await import('../report/catalogue/render-connector-text.ts');
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderConnectorText(result.page, display));
      return;
    }
    case 'listed': {
      const { renderConnectorList } = await import('../report/catalogue/render-connector-text.ts');
      terminal.out(renderConnectorList(result, display));
      return;
    }
    case 'secrets': {
      const { renderSecretList } = await import('../report/secrets/render-secret-list.ts');
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderSecretList(result, display));
      return;
    }
    case 'status': {
      const { renderStatusText } = await import('../report/status/render-status-text.ts');
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderStatusText(result.status, display));
      return;
    }
    case 'examined': {
      const { renderSetUpText } = await import('../report/doctor/render-set-up-text.ts');
      terminal.out(renderSetUpText(completeSetUp(result.setUp, commands), display));
      return;
    }
    case 'initialized': {
      const { renderInitialized } = await import('./present-initialized.ts');
      terminal.out(renderInitialized(result, commands));
      return;
    }
    case 'events': {
      const { renderDeliveries } = await import('../report/events/render-deliveries.ts');
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderDeliveries(result, display));
      return;
    }
    case 'verified': {
      const { renderVerdict } = await import('../report/events/render-verdict.ts');
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderVerdict(result, display));
      return;
    }
    case 'history': {
      const { renderHistoryText } = await import('../report/history/render-history-text.ts');
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.out(renderHistoryText(result.history, display));
      return;
    }
    case 'stopped':
      terminal.err(renderProblems(result.diagnostics, options));
      terminal.err(renderError(result.error, { color: terminal.errColor, commands }));
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

async function presentApplied(
  result: Extract<OperationResult, { kind: 'applied' }>,
  options: PresentOptions,
): Promise<void> {
  const { terminal, format } = options;
  const commands = commandsAbout(result.plan, options.commands);
  const applied = nameLeftOut(result.applied, result.plan);
  const isShown = applied.outcomes.length > 0 || applied.subscriptions !== undefined;
  if (format === 'markdown') {
    const { renderPlanMarkdown } = await import('../report/plan/render-plan-markdown.ts');
    const { renderResultMarkdown } = await import('../report/result/render-result-markdown.ts');
    terminal.out(renderPlanMarkdown(result.plan, { commands: options.commands }));
    if (isShown) terminal.out(`\n${renderResultMarkdown(applied, { commands })}`);
    return;
  }
  const { renderResultText } = await import('../report/result/render-result-text.ts');
  if (isShown) terminal.out(`\n${renderResultText(applied, { ...displayOptions(terminal), commands })}`);
}

async function presentConverted(
  result: Extract<OperationResult, { kind: 'converted' }>,
  options: PresentOptions,
): Promise<void> {
  const { renderToSet } = await import('./render-to-set.ts');
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

/** Which schemas follow what was pulled; empty when none had to. */
function renderEditorFiles(files: readonly string[]): string {
  return files.length === 0 ? '' : `For editors: ${files.map(visible).join(', ')}\n`;
}
