import path from 'node:path';
import type { PlanSelection } from '../../model/plan.ts';
import { UserError } from '../../model/user-error.ts';
import { planOffline } from '../../operation/plan-offline.ts';
import { plan } from '../../operation/plan.ts';
import type { ExitCode, OperationResult } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, openCommand, type OpenCommand } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';
import { sourcesOf } from '../source-reader.ts';

interface PlanFlags extends CommandFlags, PlanSelection {
  readonly out?: string | undefined;
  readonly detailedExitcode?: boolean | undefined;
  readonly offline?: boolean | undefined;
  readonly base?: string | undefined;
  readonly ping?: boolean | undefined;
  readonly strict?: boolean | undefined;
}

/** `connectorctl plan` */
export async function runPlan(flags: PlanFlags, host: Host): Promise<ExitCode> {
  const { terminal, ports, target } = openCommand(flags, host);
  const { format, detailedExitcode: detailed } = flags;
  const result = await (flags.offline === true
    ? planOffline(ports, target, flags)
    : planOnline(flags, { ports, target }));
  return presentResult(result, {
    command: 'plan',
    format,
    terminal,
    detailed,
    sourceOf: sourcesOf(result, host.cwd),
    commands: contextOf(flags, host, flags.out),
  });
}

function planOnline(
  flags: PlanFlags,
  { ports, target }: Pick<OpenCommand, 'ports' | 'target'>,
): Promise<OperationResult> {
  if (flags.base !== undefined) throw baseAlone();
  const out = flags.out === undefined ? undefined : path.resolve(ports.cwd, flags.out);
  return plan(ports, target, { ...flags, out });
}

function baseAlone(): UserError {
  return new UserError('usage', '--base requires --offline.', {
    kind: 'invalid',
    hint: 'Without --offline, the plan compares with the platform. See: connectorctl plan --help',
  });
}
