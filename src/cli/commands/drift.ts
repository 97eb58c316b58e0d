import type { PlanSelection } from '../../model/plan.ts';
import { drift } from '../../operation/drift.ts';
import type { ExitCode } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';
import { sourcesOf } from '../source-reader.ts';

interface DriftFlags extends CommandFlags, Pick<PlanSelection, 'only' | 'exclude'> {
  readonly accept?: readonly string[] | undefined;
  readonly ping?: boolean | undefined;
}

/** `connectorctl drift` */
export async function runDrift(flags: DriftFlags, host: Host): Promise<ExitCode> {
  const { terminal, ports, target } = openCommand(flags, host);
  const { format } = flags;
  const result = await drift(ports, target, flags);
  return presentResult(result, {
    command: 'drift',
    format,
    terminal,
    sourceOf: sourcesOf(result, ports.cwd),
    commands: contextOf(flags, host),
  });
}
