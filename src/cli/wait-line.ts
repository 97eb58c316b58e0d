import type { Wait } from '../model/apply.ts';
import type { WaitSink } from '../model/tell-waits.ts';
import { renderWait } from '../report/result/wait-words.ts';
import type { Terminal } from './terminal.ts';

export interface WaitLineClock {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** The time of day. */
  readonly date: () => Date;
  /** Calls until it is told to stop. Must not keep the process alive. */
  readonly every: (milliseconds: number, call: () => void) => () => void;
}

/** The clock of a process. */
export const waitLineClock: WaitLineClock = {
  now: () => performance.now(),
  date: () => new Date(),
  every: (milliseconds, call) => {
    const timer = setInterval(call, milliseconds);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  },
};

export interface WaitLineOptions extends WaitLineClock {
  readonly isQuiet: boolean;
  /** Where a line can be drawn anew; that of the terminal when absent. */
  readonly screen?: { readonly columns: number; readonly write: (text: string) => unknown } | undefined;
}

/** What a command writes to, and who is told of its waits. */
interface WaitTerminal {
  readonly terminal: Terminal;
  readonly waits: WaitSink;
}

/** Tells of waits: in plain lines for a log, in one line that counts down and leaves no trace where a person looks on. */
export function openWaits(
  terminal: Terminal,
  { isQuiet, screen = terminal.screen, ...clock }: WaitLineOptions,
): WaitTerminal {
  if (screen === undefined || isQuiet) return { terminal, waits: plainWaits(terminal, clock) };
  let stop: (() => void) | undefined;
  const clear = (): void => {
    if (stop === undefined) return;
    stop();
    stop = undefined;
    screen.write(eraseLine);
  };
  const clearing =
    (write: (text: string) => void): ((text: string) => void) =>
    (text) => {
      clear();
      write(text);
    };
  return {
    terminal: {
      ...terminal,
      out: clearing(terminal.out),
      raw: clearing(terminal.raw),
      err: clearing(terminal.err),
      note: clearing(terminal.note),
    },
    waits: {
      tell: (wait) => {
        clear();
        const text = countDown(wait, clock);
        // A line that wraps could not be taken back.
        const draw = () => void screen.write(`${eraseLine}${text().slice(0, Math.max(20, screen.columns - 1))}`);
        stop = clock.every(1_000, draw);
        draw();
      },
      over: clear,
    },
  };
}

/** To the beginning of the line, and nothing on it. */
const eraseLine = '\r\u001b[2K';

/** A plain line for each time that a wait is told. */
export function plainWaits({ note }: Pick<Terminal, 'note'>, { date }: Pick<WaitLineClock, 'date'>): WaitSink {
  return { tell: (wait) => note(`${renderWait(wait, date())}\n`), over: () => {} };
}

/** The line of a wait with what is left of it whenever it is asked for. */
export function countDown(wait: Wait, { now, date }: Pick<WaitLineClock, 'now' | 'date'>): () => string {
  const begun = now();
  const at = date().getTime();
  return () => {
    const gone = Math.min(wait.milliseconds, now() - begun);
    return renderWait({ ...wait, milliseconds: wait.milliseconds - gone }, new Date(at + gone));
  };
}
