import { visibleLines } from '../model/visible.ts';
import { giveWay, type OperationPorts, type OperationTarget, sleep } from '../operation/operation-ports.ts';
import { version } from '../operation/version.ts';
import { planWords } from '../report/plan/plan-codes.ts';
import type { Host } from './host.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { openWaits, waitLineClock } from './wait-line.ts';
import type { WaitSink } from '../model/tell-waits.ts';

/** Options that every command takes, as the parser read them. */
export interface GlobalFlags {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly color: boolean;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
}

/** Options that the commands with a result share. */
export interface CommandFlags extends GlobalFlags {
  readonly format: string;
}

/** What a command works with. */
export interface OpenCommand {
  readonly terminal: Terminal;
  readonly ports: OperationPorts;
  /** Which workspace and environment the options name. */
  readonly target: OperationTarget;
}

interface OpenOptions {
  /** Where the command writes to, and who is told of its waits; those of the host when undefined. */
  readonly screen?: { readonly terminal: Terminal; readonly waits: WaitSink } | undefined;
  /** Aborted when the command has to end in good order. */
  readonly signal?: AbortSignal | undefined;
}

export function openCommand(
  flags: GlobalFlags,
  host: Host,
  {
    screen = openWaits(terminalOf(flags, host), { ...waitLineClock, isQuiet: flags.quiet === true }),
    signal,
  }: OpenOptions = {},
): OpenCommand {
  const { terminal, waits } = screen;
  const note = (text: string) => terminal.note(`${visibleLines(text)}\n`);
  const ports: OperationPorts = {
    cwd: host.cwd,
    env: host.env,
    toolVersion: version,
    words: planWords,
    startSandbox: async (dataFile) => (await import('../sandbox/sandbox.ts')).runSandbox(dataFile),
    notice: note,
    waits,
    secretRead: (secret) => void host.met?.add(secret),
    logRequest: flags.verbose === true ? note : undefined,
    sleep,
    giveWay,
    random: Math.random,
    now: () => performance.now(),
    date: () => new Date(),
    signal,
  };
  return { terminal, ports, target: { configFile: flags.config, environmentName: flags.env } };
}

/** The terminal as the options want it. */
export function terminalOf({ color, quiet = false }: GlobalFlags, host: Host): Terminal {
  return openTerminal(host, { color, quiet });
}
