import { doctor } from '../../operation/doctor/doctor.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import { type EachFlags, runEach } from '../each-environment.ts';
import type { Host } from '../host.ts';

/** `connectorctl doctor` */
export async function runDoctor(flags: EachFlags, host: Host): Promise<ExitCode> {
  return runEach(flags, host, { command: 'doctor' }, ({ ports, target }) => doctor(ports, target));
}
