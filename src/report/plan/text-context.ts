import type { createColors } from 'picocolors';
import type { Action, Cause } from '../../model/plan.ts';
import type { CommandContext } from '../next-step.ts';
import type { Paint } from '../text-table.ts';

/** What every part of a text report is drawn with. */
export interface TextContext {
  readonly colors: ReturnType<typeof createColors>;
  /** Columns. */
  readonly width: number;
  /** What goes with the commands of next steps. */
  readonly commands: CommandContext;
  /** Nothing is shortened. */
  readonly verbose: boolean;
}

/** The colour of an action: green gives, yellow changes, red takes away. */
export function paintAction({ colors }: TextContext, action: Action): Paint {
  const paints: Readonly<Record<Action, Paint>> = {
    create: colors.green,
    update: colors.yellow,
    move: colors.cyan,
    adopt: colors.cyan,
    authorize: colors.magenta,
    reauthorize: colors.magenta,
    conflict: (text) => colors.bold(colors.red(text)),
    replace: (text) => colors.bold(colors.red(text)),
    delete: (text) => colors.bold(colors.red(text)),
    blocked: (text) => colors.bold(colors.yellow(text)),
    remember: colors.dim,
    orphan: colors.yellow,
    unchanged: colors.dim,
  };
  return paints[action];
}

/** The colour of a cause, so that what the platform did stands out from what the reviewer asked for. */
export function paintCause({ colors }: TextContext, cause: Cause): Paint {
  const paints: Readonly<Record<Cause, Paint>> = {
    definition: colors.cyan,
    drift: colors.yellow,
    conflict: (text) => colors.bold(colors.red(text)),
    secret: colors.magenta,
    removed: colors.dim,
  };
  return paints[cause];
}
