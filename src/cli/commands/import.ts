import { UserError } from '../../model/user-error.ts';
import { adoptImported } from '../../operation/adopt-imported.ts';
import { importInstances } from '../../operation/import-instances.ts';
import type { ImportSelection } from '../../operation/select-imports.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
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
  readonly withSecrets?: boolean | undefined;
  readonly match?: readonly string[] | undefined;
}

/** `connectorctl import` */
export async function runImport(flags: ImportFlags, host: Host): Promise<ExitCode> {
  const selection = readSelection(flags);
  const { terminal, ports, target } = openCommand(flags, host);
  const { force, withSecrets } = flags;
  const imported = await importInstances(ports, target, {
    ...selection,
    force,
    withSecrets,
    match: readMatches(flags),
  });
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

/** Ids by key. */
function readMatches({ match = [] }: ImportFlags): ReadonlyMap<string, string> {
  const pairs = match.map((text): readonly [string, string] => {
    const at = text.lastIndexOf('=');
    if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
    throw new UserError('usage', `--match takes KEY=ID, not ${text}.`, {
      kind: 'invalid',
      hint: 'KEY is the key of a definition, ID that of the same connection in this environment. For example:\n  connectorctl import --all --match jira/sales=1234',
    });
  });
  const ids = new Map(pairs);
  if (ids.size === pairs.length && new Set(ids.values()).size === pairs.length) return ids;
  throw new UserError('usage', '--match names a key or an id twice.', {
    kind: 'invalid',
    hint: 'One instance belongs to one definition.',
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
