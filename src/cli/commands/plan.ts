import path from 'node:path';
import { plan } from '../../operation/plan.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import { type CommandOptions, toTarget, toTerminal } from '../command-options.ts';
import { presentEnding } from '../present-ending.ts';
import { processPorts } from '../process-ports.ts';
import { sourcesOf } from '../source-reader.ts';

interface PlanCommandOptions extends CommandOptions {
  readonly out?: string;
  readonly only?: readonly string[];
  readonly detailedExitcode?: boolean;
  readonly prune?: boolean;
  readonly allowReplace?: boolean;
  readonly resend?: readonly string[];
}

/** `connectorctl plan` */
export async function runPlan(options: PlanCommandOptions): Promise<ExitCode> {
  const terminal = toTerminal(options);
  const ports = processPorts(terminal, { verbose: options.verbose ?? false });
  const { only, out, prune, allowReplace, resend } = options;
  const ending = await plan(ports, toTarget(options), {
    ...(only === undefined ? {} : { only }),
    ...(prune === undefined ? {} : { prune }),
    ...(allowReplace === undefined ? {} : { allowReplace }),
    ...(resend === undefined ? {} : { resend }),
    ...(out === undefined ? {} : { out: path.resolve(ports.cwd, out) }),
  });
  return presentEnding(ending, {
    command: 'plan',
    format: options.format,
    terminal,
    detailed: options.detailedExitcode ?? false,
    sourceOf: sourcesOf(ending, ports.cwd),
  });
}
