import { UserError } from '../../model/user-error.ts';
import { adoptImported } from '../../operation/adopt-imported.ts';
import type { ExitCode } from '../../operation/result.ts';
import { importInstances, type ImportSelection } from '../../operation/import-instances.ts';
import { type CommandOptions, toTarget, toTerminal } from '../command-options.ts';
import type { Host } from '../host.ts';
import { presentResult } from '../present-result.ts';
import { hostPorts } from '../host-ports.ts';
import { sourcesOf } from '../source-reader.ts';

interface ImportCommandOptions extends CommandOptions {
  readonly id?: readonly string[];
  readonly connector?: string;
  readonly all?: boolean;
  readonly adopt?: boolean;
}

/** `connectorctl import` */
export async function runImport(options: ImportCommandOptions, host: Host): Promise<ExitCode> {
  const selection = toSelection(options);
  const terminal = toTerminal(host, options);
  const ports = hostPorts(host, terminal, { verbose: options.verbose ?? false });
  const target = toTarget(options);
  const imported = await importInstances(ports, target, selection);
  const result =
    options.adopt === true && imported.kind === 'imported' ? await adoptImported(ports, target, imported) : imported;
  const { format } = options;
  return presentResult(result, { command: 'import', format, terminal, sourceOf: sourcesOf(result, ports.cwd) });
}

function toSelection({ id, connector, all }: ImportCommandOptions): ImportSelection {
  const given = [id, connector, all].filter((one) => one !== undefined).length;
  if (given === 1 && id !== undefined) return { ids: id };
  if (given === 1 && connector !== undefined) return { connector };
  if (given === 1) return { all: true };
  throw new UserError('usage', 'Choose the instances with one of --id, --connector and --all.', {
    kind: 'invalid',
    hint: 'For example:\n  connectorctl import --id 1234',
  });
}
