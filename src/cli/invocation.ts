import type { PlanSelection } from '../model/plan.ts';
import type { CommandContext } from '../report/next-step.ts';
import type { Host } from './host.ts';
import type { GlobalFlags } from './open-command.ts';

/** The options of any command that a next step may take along. */
export interface InvocationFlags extends Pick<GlobalFlags, 'env' | 'config'>, PlanSelection {
  readonly record?: string | undefined;
  readonly verify?: boolean | undefined;
  readonly concurrency?: number | undefined;
  readonly allowLimits?: string | undefined;
  /** Milliseconds. */
  readonly lockTimeout?: number | undefined;
}

export interface ProgramOptions {
  /** The words of the command line; none where the program is built only to tell of itself. */
  readonly argv: readonly string[];
  readonly host: Host;
  readonly finish: (code: number) => void;
  /** Takes what the parser would print on a usage error. */
  readonly usageError: (text: string) => void;
  /** Takes what was given, as soon as it was understood. */
  readonly understood: (given: GivenCommand) => void;
}

/** A command line that was understood. */
export interface GivenCommand {
  readonly verb: string;
  readonly flags: InvocationFlags & { readonly out?: string | undefined };
  readonly operands: readonly string[];
}

/**
 * What the commands of next steps take along from the command line that was given.
 * @param planFile as it was given: the operand of `apply`, or what `plan --out` names
 */
export function contextOf(
  flags: InvocationFlags,
  { env: variables }: Pick<Host, 'env'>,
  planFile?: string,
): CommandContext {
  const { env: environment, config, only, exclude, prune, allowReplace, resend, deleteDuplicate, shard } = flags;
  const { record, verify, concurrency, allowLimits, lockTimeout = 0 } = flags;
  return {
    // What `npx` sets (npm exec): the name alone may lead to nothing on this machine.
    program: variables['npm_command'] === 'exec' ? 'npx connectorctl' : undefined,
    environment,
    config,
    planFile,
    selection: { prune, allowReplace, only, exclude, resend, deleteDuplicate, shard },
    sameRun: {
      record,
      noVerify: verify === false,
      concurrency,
      allowLimits,
      lockTimeout: lockTimeout === 0 ? undefined : `${lockTimeout / 1000}s`,
    },
  };
}
