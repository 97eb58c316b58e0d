import { UserError } from '../../model/user-error.ts';
import { adoptImported } from '../../operation/adopt-imported.ts';
import { importInstances } from '../../operation/import-instances.ts';
import type { ImportSelection } from '../../operation/select-imports.ts';
import type { ExitCode } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';
import { sourcesOf } from '../source-reader.ts';

interface ImportFlags extends CommandFlags {
  readonly id?: readonly string[] | undefined;
  readonly connector?: string | undefined;
  readonly all?: boolean | undefined;
  readonly adopt?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/** `connectorctl import` */
export async function runImport(flags: ImportFlags, host: Host): Promise<ExitCode> {
  const selection = readSelection(flags);
  const { terminal, ports, target } = openCommand(flags, host);
  const imported = await importInstances(ports, target, { ...selection, force: flags.force });
  const result =
    flags.adopt === true && imported.kind === 'imported' ? await adoptImported(ports, target, imported) : imported;
  const { format } = flags;
  return presentResult(result, {
    command: 'import',
    format,
    terminal,
    sourceOf: sourcesOf(result, ports.cwd),
    commands: contextOf(flags, host),
  });
}

function readSelection({ id, connector, all }: ImportFlags): ImportSelection {
  const given = [id, connector, all].filter((one) => one !== undefined).length;
  if (given === 1 && id !== undefined) return { ids: id };
  if (given === 1 && connector !== undefined) return { connector };
  if (given === 1) return { all: true };
  throw new UserError('usage', 'Choose the instances with one of --id, --connector and --all.', {
    kind: 'invalid',
    hint: 'For example:\n  connectorctl import --id 1234',
  });
}
