// Away from a terminal `stdout.isTTY` is not false but undefined, which the colour library takes for "decide yourself".
import { isatty } from 'node:tty';

/** Where a command's text goes, and how wide and colourful it may be. */
export interface Terminal {
  /** Results. */
  readonly out: (text: string) => void;
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
  /** Whether progress may be redrawn: both outputs are seen on a screen. */
  readonly redraws: boolean;
}

/** Columns when nobody looks at a screen: what CI logs show without wrapping. */
const widthOfLogs = 120;

interface TerminalOptions {
  /** False for `--no-color`. */
  readonly color: boolean;
  readonly quiet: boolean;
}

/** The terminal of this process. Honours NO_COLOR and FORCE_COLOR (https://no-color.org, https://force-color.org). */
export function processTerminal({ color, quiet }: TerminalOptions): Terminal {
  const { env, stdout, stderr } = process;
  const wanted = (isTerminal: boolean) => {
    if (!color || (env['NO_COLOR'] ?? '') !== '') return false;
    const forced = env['FORCE_COLOR'] ?? '';
    return forced === '' ? isTerminal && env['TERM'] !== 'dumb' : forced !== '0';
  };
  const inCi = (env['CI'] ?? '') !== '' && env['CI'] !== 'false';
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    note: (text) => {
      if (!quiet) stderr.write(text);
    },
    outColor: wanted(isatty(1)),
    errColor: wanted(isatty(2)),
    width: isatty(1) && stdout.columns > 0 ? stdout.columns : widthOfLogs,
    interactive: isatty(0) && isatty(2) && !inCi,
    redraws: isatty(1) && isatty(2) && !inCi,
  };
}
