import { listSecrets } from '../../operation/list-secrets.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import { type EachFlags, runEach } from '../each-environment.ts';
import type { Host } from '../host.ts';

/** `connectorctl secrets list`, `connectorctl secrets check` */
export async function runSecrets(name: 'list' | 'check', flags: EachFlags, host: Host): Promise<ExitCode> {
  const isCheck = name === 'check';
  return runEach(flags, host, { command: `secrets ${name}` }, ({ ports, target }) =>
    listSecrets(ports, target, { isCheck }),
  );
}
