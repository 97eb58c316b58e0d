import type { ExitCode } from '../../operation/exit-code.ts';
import { status, type StatusOptions } from '../../operation/status.ts';
import { type EachFlags, runEach } from '../each-environment.ts';
import type { Host } from '../host.ts';

interface StatusFlags extends EachFlags, StatusOptions {}

/** `connectorctl status` */
export async function runStatus(flags: StatusFlags, host: Host): Promise<ExitCode> {
  return runEach(flags, host, { command: 'status' }, ({ ports, target }) => status(ports, target, flags));
}
