import { disarm } from '../model/visible.ts';
import type { Host } from './host.ts';

/** Where a command's text goes, and how wide and colourful it may be. Whatever is written to it is disarmed here, whoever wrote it. */
export interface Terminal {
  /** Results. */
  readonly out: (text: string) => void;
  /** Results that must arrive as they are: commands to a runner, and text for a file. Whoever writes them escapes what is foreign. */
  readonly raw: (text: string) => void;
  /** Errors and questions. */
  readonly err: (text: string) => void;
  /** Progress and notices; silent with `--quiet`. */
  readonly note: (text: string) => void;
  /** Whether results may hold colours. */
  readonly outColor: boolean;
  readonly errColor: boolean;
  /** Columns for results. */
  readonly width: number;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  /** Where progress may be redrawn; undefined unless both outputs are seen on a screen. */
  readonly screen: NodeJS.WriteStream | undefined;
}

/** Columns when nobody looks at a screen: what CI logs show without wrapping. */
const widthOfLogs = 120;

interface TerminalOptions {
  /** False for `--no-color`. */
  readonly color: boolean;
  readonly quiet: boolean;
}

/** The terminal of a host. Honours NO_COLOR and FORCE_COLOR (https://no-color.org, https://force-color.org). */
export function openTerminal({ env, stdin, stdout, stderr }: Host, { color, quiet }: TerminalOptions): Terminal {
  const wanted = (isTerminal: boolean) => {
    if (!color || (env['NO_COLOR'] ?? '') !== '') return false;
    const forced = env['FORCE_COLOR'] ?? '';
    return forced === '' ? isTerminal && env['TERM'] !== 'dumb' : forced !== '0';
  };
  const inCi = (env['CI'] ?? '') !== '' && env['CI'] !== 'false';
  const [outIsScreen, errIsScreen] = [stdout.screen !== undefined, stderr.screen !== undefined];
  const columns = stdout.screen?.columns ?? 0;
  const [outColor, errColor] = [wanted(outIsScreen), wanted(errIsScreen)];
  const err = (text: string) => stderr.write(disarm(text, { color: errColor }));
  return {
    out: (text) => stdout.write(disarm(text, { color: outColor })),
    raw: stdout.write,
    err,
    note: (text) => {
      if (!quiet) err(text);
    },
    outColor,
    errColor,
    width: columns > 0 ? columns : widthOfLogs,
    interactive: stdin.isTerminal && errIsScreen && !inCi,
    screen: outIsScreen && !inCi ? stderr.screen : undefined,
  };
}

/** How a result may look on a terminal. */
export interface DisplayOptions {
  readonly color: boolean;
  readonly width: number;
}

export function displayOptions({ outColor, width }: Terminal): DisplayOptions {
  return { color: outColor, width };
}
