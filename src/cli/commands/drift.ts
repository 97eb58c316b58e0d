import type { PlanSelection } from '../../model/plan.ts';
import { UserError } from '../../model/user-error.ts';
import { wantsSeveral } from '../../operation/choose-environments.ts';
import { drift } from '../../operation/drift.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import { type EachFlags, runEach } from '../each-environment.ts';
import type { Host } from '../host.ts';

interface DriftFlags extends EachFlags, Pick<PlanSelection, 'only' | 'exclude'> {
  readonly accept?: readonly string[] | undefined;
  readonly ping?: boolean | undefined;
  readonly withholdSecrets?: boolean | undefined;
}

/** `connectorctl drift` */
export async function runDrift(flags: DriftFlags, host: Host): Promise<ExitCode> {
  if (flags.accept !== undefined && wantsSeveral(flags)) throw oneAtATime();
  return runEach(flags, host, { command: 'drift' }, ({ ports, target }) => drift(ports, target, flags));
}

/** What was written for one environment changes what the next one is compared with. */
function oneAtATime(): UserError {
  return new UserError('usage', '--accept writes the drift of one environment.', {
    kind: 'invalid',
    hint: 'Name one environment with --env, and look at what was written before you accept the drift of another one.',
  });
}
