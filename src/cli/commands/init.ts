import { init } from '../../operation/init/init.ts';
import type { ExitCode } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, terminalOf } from '../open-command.ts';
import { contextOf } from '../invocation.ts';
import { presentResult } from '../present-result.ts';

interface InitFlags extends CommandFlags {
  readonly workspace?: string | undefined;
  readonly platform?: string | undefined;
  readonly workflows: boolean;
  readonly editor?: boolean | undefined;
  readonly action?: string | undefined;
}

/** `connectorctl init` */
export async function runInit(flags: InitFlags, host: Host): Promise<ExitCode> {
  const { env, config, format } = flags;
  const environments = env === undefined ? undefined : splitNames(env);
  const result = await init(host.cwd, { ...flags, configFile: config, environments });
  const commands = contextOf({ config }, host);
  return presentResult(result, { command: 'init', format, terminal: terminalOf(flags, host), commands });
}

/** `--env staging,production` */
function splitNames(text: string): readonly string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))];
}
