import path from 'node:path';
import type { PlanSelection } from '../../model/plan.ts';
import { UserError } from '../../model/user-error.ts';
import { wantsSeveral } from '../../operation/choose-environments.ts';
import { planOffline } from '../../operation/plan-offline.ts';
import { plan } from '../../operation/plan.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { type EachFlags, runEach } from '../each-environment.ts';
import type { OpenCommand } from '../open-command.ts';

interface PlanFlags extends EachFlags, PlanSelection {
  readonly out?: string | undefined;
  readonly detailedExitcode?: boolean | undefined;
  readonly offline?: boolean | undefined;
  readonly base?: string | undefined;
  readonly ping?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly withholdSecrets?: boolean | undefined;
}

/** `connectorctl plan` */
export async function runPlan(flags: PlanFlags, host: Host): Promise<ExitCode> {
  if (flags.out !== undefined && wantsSeveral(flags)) throw oneFile();
  const { detailedExitcode: detailed, offline = false } = flags;
  // No apply takes the file of a plan without values.
  const planFile = flags.withholdSecrets === true ? undefined : flags.out;
  return runEach(flags, host, { command: 'plan', detailed, planFile }, ({ ports, target }) =>
    offline ? planOffline(ports, target, flags) : planOnline(flags, { ports, target }),
  );
}

function planOnline(
  flags: PlanFlags,
  { ports, target }: Pick<OpenCommand, 'ports' | 'target'>,
): Promise<OperationResult> {
  if (flags.base !== undefined) throw baseAlone();
  const out = flags.out === undefined ? undefined : path.resolve(ports.cwd, flags.out);
  return plan(ports, target, { ...flags, out });
}

function oneFile(): UserError {
  return new UserError('usage', '--out holds the plan of one environment.', {
    kind: 'invalid',
    hint: 'Name one environment with --env, and another file for each.',
  });
}

function baseAlone(): UserError {
  return new UserError('usage', '--base requires --offline.', {
    kind: 'invalid',
    hint: 'Without --offline, the plan compares with the platform. See: connectorctl plan --help',
  });
}
