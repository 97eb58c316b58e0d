import { init } from '../../operation/init/init.ts';
import type { ExitCode } from '../../operation/result.ts';
import type { Host } from '../host.ts';
import { type CommandFlags, terminalOf } from '../open-command.ts';
import { presentResult } from '../present-result.ts';

interface InitFlags extends CommandFlags {
  readonly workspace?: string;
  readonly platform?: string;
  readonly workflows: boolean;
  readonly action?: string;
}

/** `connectorctl init` */
export async function runInit(flags: InitFlags, host: Host): Promise<ExitCode> {
  const { env, config, workspace, platform, workflows, action, format } = flags;
  const result = await init(host.cwd, {
    workflows,
    ...(config === undefined ? {} : { configFile: config }),
    ...(env === undefined ? {} : { environments: toNames(env) }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(platform === undefined ? {} : { platform }),
    ...(action === undefined ? {} : { action }),
  });
  return presentResult(result, { command: 'init', format, terminal: terminalOf(flags, host) });
}

/** `--env staging,production` */
function toNames(text: string): readonly string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))];
}
