import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Plan, PlanSelection } from '../../model/plan.ts';
import { UserError } from '../../model/user-error.ts';
import { apply, type ApplyInteraction } from '../../operation/apply.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import type { CommandContext } from '../../report/next-step.ts';
import { renderPlanText } from '../../report/plan/render-plan-text.ts';
import { type ApplyScreen, createApplyScreen } from '../apply-screen.ts';
import { type ApplyObserver, createObserver } from '../apply-observer.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, openCommand, terminalOf } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';
import type { PresentOptions } from '../present-problems.ts';
import { givenFlags } from '../program-options.ts';
import { sourcesOf } from '../source-reader.ts';
import { withPlanEnvironment } from '../plan-environment.ts';
import { displayOptions, type Terminal } from '../terminal.ts';

interface ApplyFlags extends CommandFlags, PlanSelection {
  readonly yes?: boolean | undefined;
  readonly lockTimeout: number;
  readonly concurrency?: number | undefined;
  readonly verify: boolean;
  readonly allowLimits?: string | undefined;
  readonly record?: string | undefined;
}

/** `connectorctl apply [PLAN]` */
export async function runApply(planFile: string | undefined, flags: ApplyFlags, host: Host): Promise<ExitCode> {
  if (planFile !== undefined) refuseSelection(flags);
  const { format } = flags;
  const screen = createApplyScreen(terminalOf(flags, host), flags);
  const { terminal } = screen;
  const commands = contextOf(flags, host, planFile);
  const observer = createObserver();
  const stopAtOnce = () => {
    screen.leave();
    return presentStop(observer.resultNow(), { format, terminal, commands });
  };
  const interruption = interruptible(host, terminal, stopAtOnce);
  const { ports, target } = openCommand(flags, host, { screen, signal: interruption.signal });
  const resolve = (file: string | undefined) => (file === undefined ? undefined : path.resolve(host.cwd, file));
  try {
    screen.read();
    const result = await apply(ports, target, {
      ...flags,
      interaction: observer.observe(interactionOf(flags, { screen, host, commands })),
      planFile: resolve(planFile),
      record: resolve(flags.record),
    });
    await screen.rest();
    return await presentResult(result, {
      command: 'apply',
      format,
      terminal,
      sourceOf: sourcesOf(result, host.cwd),
      // A plan that was shown says itself where it goes.
      commands: 'plan' in result ? commands : withPlanEnvironment(commands, host.cwd),
    });
  } finally {
    await screen.rest();
    interruption.stop();
  }
}

/** A reviewed plan says itself what it is about: less would leave out what was reviewed, and more was not reviewed. */
function refuseSelection(flags: ApplyFlags): void {
  const given = givenFlags(flags);
  if (given.length === 0) return;
  throw new UserError('usage', `${given.join(' and ')} cannot be combined with a plan file.`, {
    kind: 'invalid',
    hint: 'A plan file contains the options that it was made with. To change them, make another one:\n  connectorctl plan --out FILE',
  });
}

/** Says what is known, before the process ends with requests under way. */
async function presentStop(
  result: ReturnType<ApplyObserver['resultNow']>,
  options: Pick<PresentOptions, 'format' | 'terminal' | 'commands'>,
): Promise<ExitCode> {
  const nothing = new UserError('interrupted', 'Stopped immediately.', { hint: 'Nothing was sent.' });
  const stopped = result ?? { kind: 'stopped' as const, error: nothing, diagnostics: [] };
  options.terminal.err('\nStopped immediately. What was in progress may or may not have been carried out.\n');
  return presentResult(stopped, { command: 'apply', ...options });
}

interface InteractionOptions {
  readonly screen: ApplyScreen;
  readonly host: Host;
  readonly commands: CommandContext;
}

function interactionOf(flags: ApplyFlags, { screen, host, commands }: InteractionOptions): ApplyInteraction {
  const { terminal } = screen;
  return {
    showPlan: (plan) => {
      if (flags.format === 'text')
        screen.print(renderPlanText(plan, { ...displayOptions(terminal), commands, next: false }));
    },
    confirm: async (plan) => {
      await screen.rest();
      const answer = await confirm(plan, flags, { terminal, host });
      if (answer === 'asked') screen.read();
      return answer;
    },
    begin: (work) => screen.begin(work),
  };
}

async function confirm(
  plan: Plan,
  flags: ApplyFlags,
  { terminal, host }: { readonly terminal: Terminal; readonly host: Host },
): ReturnType<ApplyInteraction['confirm']> {
  if (flags.yes === true) return undefined;
  if (!terminal.interactive || flags.format !== 'text') {
    return {
      message: 'Not applied: there is no terminal for the confirmation.',
      hint: 'Nothing was sent. To apply without confirmation, use --yes:\n  connectorctl apply --yes',
    };
  }
  const agreed = await askForYes(`Apply this to ${plan.environment}? Only "yes" is accepted: `, host);
  return agreed ? 'asked' : { message: 'Not applied.', hint: 'Nothing was sent.' };
}

/** The first signal ends the apply in good order, the second at once. */
function interruptible(
  host: Host,
  terminal: Terminal,
  stopAtOnce: () => Promise<ExitCode>,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const exitAtOnce = async (): Promise<void> => host.exit(await stopAtOnce());
  const onSignal = () => {
    if (controller.signal.aborted) {
      void exitAtOnce();
      return;
    }
    controller.abort();
    terminal.err(
      '\nStopping: nothing new is started, and what is in progress finishes. Press Ctrl-C again to stop immediately.\n',
    );
  };
  return { signal: controller.signal, stop: host.listenForSignals(onSignal) };
}

/** Asks on the terminal. Anything but the word yes is a no, and so is the end of input. */
async function askForYes(question: string, { stdin, stderr }: Host): Promise<boolean> {
  const lines = createInterface({
    input: stdin.open(),
    output: stderr.screen,
  });
  const closed = new AbortController();
  lines.once('close', () => closed.abort());
  try {
    const answer = await lines.question(question, { signal: closed.signal });
    return answer.trim() === 'yes';
  } catch (error) {
    if (closed.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
