import type { createColors } from 'picocolors';
import type { Outcome } from '../../model/apply.ts';
import type { Paint } from '../text-table.ts';

/** The colour of what became of a change. */
export function paintStatus(colors: ReturnType<typeof createColors>, status: Outcome['status']): Paint {
  const paints: Readonly<Record<Outcome['status'], Paint>> = {
    succeeded: colors.green,
    unverified: (text) => colors.bold(colors.yellow(text)),
    refused: (text) => colors.bold(colors.yellow(text)),
    skipped: colors.dim,
    failed: (text) => colors.bold(colors.red(text)),
    unclear: (text) => colors.bold(colors.yellow(text)),
  };
  return paints[status];
}
