import path from 'node:path';
import type { Plan } from '../../model/plan.ts';
import { UserError } from '../../model/user-error.ts';
import { apply, type ApplyInteraction, type ApplyOptions } from '../../operation/apply.ts';
import type { ExitCode } from '../../operation/result.ts';
import { renderPlanText } from '../../report/plan/render-plan-text.ts';
import { type ApplyScreen, createApplyScreen } from '../apply-screen.ts';
import { type ApplyWitness, createWitness } from '../apply-witness.ts';
import { askForYes } from '../ask-for-yes.ts';
import { type CommandOptions, toTarget, toTerminal } from '../command-options.ts';
import type { Host } from '../host.ts';
import { look, presentResult, type PresentOptions } from '../present-result.ts';
import { hostPorts } from '../host-ports.ts';
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
export async function runApply(
  planFile: string | undefined,
  options: ApplyCommandOptions,
  host: Host,
): Promise<ExitCode> {
  const screen = createApplyScreen(toTerminal(host, options), options);
  const { terminal } = screen;
  const { format } = options;
  const witness = createWitness();
  const stopAtOnce = () => {
    screen.leave();
    return presentStop(witness.endNow(), { format, terminal });
  };
  const interruption = interruptible(host, terminal, stopAtOnce);
  const ports = hostPorts(host, terminal, { verbose: options.verbose ?? false, signal: interruption.signal });
  try {
    screen.read();
    const result = await apply(ports, toTarget(options), {
      ...pickApplyOptions(options),
      interaction: witness.watch(interactionOf(options, screen, host)),
      ...(planFile === undefined ? {} : { planFile: path.resolve(ports.cwd, planFile) }),
      ...(options.record === undefined ? {} : { record: path.resolve(ports.cwd, options.record) }),
    });
    await screen.rest();
    return presentResult(result, { command: 'apply', format, terminal, sourceOf: sourcesOf(result, ports.cwd) });
  } finally {
    await screen.rest();
    interruption.stop();
  }
}

/** Says what is known, before the process ends with requests under way. */
function presentStop(
  result: ReturnType<ApplyWitness['endNow']>,
  { format, terminal }: Pick<PresentOptions, 'format' | 'terminal'>,
): ExitCode {
  const nothing = new UserError('interrupted', 'Stopped immediately.', { hint: 'Nothing was sent.' });
  const stopped = result ?? { kind: 'stopped' as const, error: nothing, diagnostics: [] };
  terminal.err('\nStopped immediately. What was in progress may or may not have been carried out.\n');
  return presentResult(stopped, { command: 'apply', format, terminal });
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

function interactionOf(options: ApplyCommandOptions, screen: ApplyScreen, host: Host): ApplyInteraction {
  const { terminal } = screen;
  return {
    showPlan: (plan) => {
      if (options.format === 'text') screen.print(renderPlanText(plan, { ...look(terminal), next: false }));
    },
    confirm: async (plan) => {
      await screen.rest();
      const answer = await confirm(plan, options, { terminal, host });
      if (answer === 'asked') screen.read();
      return answer;
    },
    begin: (work) => screen.begin(work),
  };
}

async function confirm(
  plan: Plan,
  options: ApplyCommandOptions,
  { terminal, host }: { readonly terminal: Terminal; readonly host: Host },
): ReturnType<ApplyInteraction['confirm']> {
  if (options.yes === true) return undefined;
  if (!terminal.interactive || options.format !== 'text') {
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
  stopAtOnce: () => ExitCode,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) return host.exit(stopAtOnce());
    controller.abort();
    terminal.err(
      '\nStopping: nothing new is started, and what is in progress finishes. Press Ctrl-C again to stop immediately.\n',
    );
  };
  return { signal: controller.signal, stop: host.listenForSignals(onSignal) };
}
