import path from 'node:path';
import type { Plan } from '../../model/plan.ts';
import { UserError } from '../../model/user-error.ts';
import { apply, type ApplyInteraction, type ApplyOptions } from '../../operation/apply.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import { renderPlanText } from '../../report/plan/render-plan-text.ts';
import { type ApplyWitness, createWitness } from '../apply-witness.ts';
import { askForYes } from '../ask-for-yes.ts';
import { type CommandOptions, toTarget, toTerminal } from '../command-options.ts';
import { look, presentEnding, type PresentOptions } from '../present-ending.ts';
import { processPorts } from '../process-ports.ts';
import { createApplyScreen, type ApplyScreen } from '../apply-screen.ts';
import { sourcesOf } from '../source-reader.ts';
import type { Terminal } from '../terminal.ts';

interface ApplyCommandOptions extends CommandOptions {
  readonly yes?: boolean;
  readonly only?: readonly string[];
  readonly lockTimeout: number;
  readonly concurrency?: number;
  readonly verify: boolean;
  readonly prune?: boolean;
  readonly allowReplace?: boolean;
  readonly allowLimits?: string;
  readonly resend?: readonly string[];
  readonly record?: string;
  readonly deleteDuplicate?: readonly string[];
}

/** `connectorctl apply [PLAN]` */
export async function runApply(planFile: string | undefined, options: ApplyCommandOptions): Promise<ExitCode> {
  const screen = createApplyScreen(toTerminal(options), options);
  const { terminal } = screen;
  const { format } = options;
  const witness = createWitness();
  const stopAtOnce = () => {
    screen.leave();
    return presentStop(witness.endNow(), { format, terminal });
  };
  const interruption = listenForSignals(terminal, stopAtOnce);
  const ports = processPorts(terminal, { verbose: options.verbose ?? false, signal: interruption.signal });
  try {
    screen.read();
    const ending = await apply(ports, toTarget(options), {
      ...pickApplyOptions(options),
      interaction: witness.watch(interactionOf(options, screen)),
      ...(planFile === undefined ? {} : { planFile: path.resolve(ports.cwd, planFile) }),
      ...(options.record === undefined ? {} : { record: path.resolve(ports.cwd, options.record) }),
    });
    await screen.rest();
    return presentEnding(ending, { command: 'apply', format, terminal, sourceOf: sourcesOf(ending, ports.cwd) });
  } finally {
    await screen.rest();
    interruption.stop();
  }
}

/** Says what is known, before the process ends with requests under way. */
function presentStop(
  ending: ReturnType<ApplyWitness['endNow']>,
  { format, terminal }: Pick<PresentOptions, 'format' | 'terminal'>,
): ExitCode {
  const nothing = new UserError('interrupted', 'Stopped at once.', { hint: 'Nothing was sent.' });
  const stopped = ending ?? { kind: 'stopped' as const, error: nothing, diagnostics: [] };
  terminal.err('\nStopped at once. What was under way may or may not have been done.\n');
  return presentEnding(stopped, { command: 'apply', format, terminal });
}

function pickApplyOptions(options: ApplyCommandOptions): Omit<ApplyOptions, 'interaction' | 'planFile'> {
  const { concurrency, lockTimeout, verify, only, prune, allowReplace, allowLimits, resend, deleteDuplicate } = options;
  return {
    lockTimeout,
    verify,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(only === undefined ? {} : { only }),
    ...(prune === undefined ? {} : { prune }),
    ...(allowReplace === undefined ? {} : { allowReplace }),
    ...(allowLimits === undefined ? {} : { allowLimits }),
    ...(resend === undefined ? {} : { resend }),
    ...(deleteDuplicate === undefined ? {} : { deleteDuplicate }),
  };
}

function interactionOf(options: ApplyCommandOptions, screen: ApplyScreen): ApplyInteraction {
  const { terminal } = screen;
  return {
    showPlan: (plan) => {
      if (options.format === 'text') screen.print(renderPlanText(plan, { ...look(terminal), next: false }));
    },
    confirm: async (plan) => {
      await screen.rest();
      const answer = await confirm(plan, options, terminal);
      if (answer === 'asked') screen.read();
      return answer;
    },
    begin: (work) => screen.begin(work),
  };
}

async function confirm(
  plan: Plan,
  options: ApplyCommandOptions,
  terminal: Terminal,
): ReturnType<ApplyInteraction['confirm']> {
  if (options.yes === true) return undefined;
  if (!terminal.interactive || options.format !== 'text') {
    return {
      message: 'Not applied: there is no terminal to ask on.',
      hint: 'Nothing was sent. Where nobody can be asked, give --yes:\n  connectorctl apply --yes',
    };
  }
  const agreed = await askForYes(`Apply this to ${plan.environment}? Only "yes" is taken for an answer: `);
  return agreed ? 'asked' : { message: 'Not applied.', hint: 'Nothing was sent.' };
}

/** The first signal ends the apply in good order, the second at once. */
function listenForSignals(
  terminal: Terminal,
  stopAtOnce: () => ExitCode,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(stopAtOnce());
    controller.abort();
    terminal.err('\nStopping: nothing new is begun, what is under way finishes. Once more to stop at once.\n');
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
