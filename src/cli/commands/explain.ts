import { UserError } from '../../model/user-error.ts';
import { explain, listConnectors } from '../../operation/explain.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import { contextOf } from '../invocation.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, openCommand } from '../open-command.ts';
import { presentResult } from '../present-result.ts';

interface ExplainFlags extends CommandFlags {
  /** True without a word. */
  readonly list?: string | true | undefined;
}

/** `connectorctl explain CONNECTOR[.KEY]`, `connectorctl explain --list [WORD]` */
export async function runExplain(subject: string | undefined, flags: ExplainFlags, host: Host): Promise<ExitCode> {
  const { ports, target, terminal } = openCommand(flags, host);
  const { format, list } = flags;
  const commands = contextOf(flags, host);
  if (list !== undefined) {
    const word = list === true ? subject : list;
    return presentResult(await listConnectors(ports, target, word), { command: 'explain', format, terminal, commands });
  }
  if (subject === undefined) {
    throw new UserError('missing-argument', 'explain needs a connector.', {
      kind: 'invalid',
      hint: 'Name one, as in `connectorctl explain sharefile`, or see those that are known with:\nconnectorctl explain --list',
    });
  }
  return presentResult(await explain(ports, target, subject), { command: 'explain', format, terminal, commands });
}
