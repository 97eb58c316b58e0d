import type { OperationTarget } from '../operation/operation-ports.ts';
import type { Host } from './host.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly env?: string;
  readonly config?: string;
  readonly color: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Options that the commands with a result share. */
export interface CommandOptions extends GlobalOptions {
  readonly format: string;
}

/** Which workspace and environment the options name. */
export function toTarget({ env, config }: GlobalOptions): OperationTarget {
  return {
    ...(config === undefined ? {} : { configFile: config }),
    ...(env === undefined ? {} : { environmentName: env }),
  };
}

/** The terminal as the options want it. */
export function toTerminal(host: Host, { color, quiet }: GlobalOptions): Terminal {
  return openTerminal(host, { color, quiet: quiet ?? false });
}
