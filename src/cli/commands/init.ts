import { init } from '../../operation/init/init.ts';
import type { ExitCode } from '../../operation/exit-code.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, terminalOf } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';

interface InitFlags extends CommandFlags {
  readonly workspace?: string | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly connector?: readonly string[] | undefined;
  readonly workflows: boolean;
  readonly upgrade?: boolean | undefined;
  readonly editor?: boolean | undefined;
  readonly callbackPage?: boolean | undefined;
  readonly action?: string | undefined;
}

/** `connectorctl init` */
export async function runInit(flags: InitFlags, host: Host): Promise<ExitCode> {
  const { env, config, format } = flags;
  const environments = env === undefined ? undefined : splitNames(env);
  const connectors = flags.connector?.flatMap((keys) => splitNames(keys).filter((key) => key !== ''));
  const result = await init(host.cwd, {
    ...flags,
    platform: flags.platform?.join(','),
    configFile: config,
    environments,
    connectors,
  });
  const commands = contextOf({ config }, host);
  return presentResult(result, { command: 'init', format, terminal: terminalOf(flags, host), commands });
}

/** `--env staging,production`, `--connector sfdc,box` */
function splitNames(text: string): readonly string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))];
}
