import path from 'node:path';
import { UserError } from '../../model/user-error.ts';
import type { OperationResult, ExitCode } from '../../operation/result.ts';
import type { OperationPorts } from '../../operation/operation-ports.ts';
import { planOffline } from '../../operation/plan-offline.ts';
import { plan } from '../../operation/plan.ts';
import { type CommandOptions, toTarget, toTerminal } from '../command-options.ts';
import type { Host } from '../host.ts';
import { presentResult } from '../present-result.ts';
import { hostPorts } from '../host-ports.ts';
import { sourcesOf } from '../source-reader.ts';

interface PlanCommandOptions extends CommandOptions {
  readonly out?: string;
  readonly only?: readonly string[];
  readonly detailedExitcode?: boolean;
  readonly prune?: boolean;
  readonly allowReplace?: boolean;
  readonly resend?: readonly string[];
  readonly offline?: boolean;
  readonly base?: string;
  readonly deleteDuplicate?: readonly string[];
}

/** `connectorctl plan` */
export async function runPlan(options: PlanCommandOptions, host: Host): Promise<ExitCode> {
  const terminal = toTerminal(host, options);
  const ports = hostPorts(host, terminal, { verbose: options.verbose ?? false });
  const result = await (options.offline === true ? makeOffline(options, ports) : make(options, ports));
  return presentResult(result, {
    command: 'plan',
    format: options.format,
    terminal,
    detailed: options.detailedExitcode ?? false,
    sourceOf: sourcesOf(result, ports.cwd),
  });
}

function make(options: PlanCommandOptions, ports: OperationPorts): Promise<OperationResult> {
  const { only, out, prune, allowReplace, resend, deleteDuplicate, base } = options;
  if (base !== undefined) throw baseAlone();
  return plan(ports, toTarget(options), {
    ...(only === undefined ? {} : { only }),
    ...(prune === undefined ? {} : { prune }),
    ...(allowReplace === undefined ? {} : { allowReplace }),
    ...(resend === undefined ? {} : { resend }),
    ...(deleteDuplicate === undefined ? {} : { deleteDuplicate }),
    ...(out === undefined ? {} : { out: path.resolve(ports.cwd, out) }),
  });
}

function makeOffline(options: PlanCommandOptions, ports: OperationPorts): Promise<OperationResult> {
  const { only, prune, allowReplace, base } = options;
  return planOffline(ports, toTarget(options), {
    ...(only === undefined ? {} : { only }),
    ...(prune === undefined ? {} : { prune }),
    ...(allowReplace === undefined ? {} : { allowReplace }),
    ...(base === undefined ? {} : { base }),
  });
}

function baseAlone(): UserError {
  return new UserError('usage', '--base requires --offline.', {
    kind: 'invalid',
    hint: 'Without --offline, the plan compares with the platform. See: connectorctl plan --help',
  });
}
