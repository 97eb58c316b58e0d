import type { WaitSink } from '../model/tell-waits.ts';
import type { WorkItem } from '../model/work.ts';
import type { Progress } from '../operation/apply.ts';
import { type Drawing, lineProgress, redrawnProgress, redrawnReading, type RedrawOptions } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { countDown, plainWaits } from './wait-line.ts';

export interface ScreenOptions {
  readonly format: string;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly verify: boolean;
}

/** What an apply shows while it runs: tasks that are redrawn where a person looks on, plain lines elsewhere. */
export interface ApplyScreen {
  /** The terminal; what is said on it while tasks are drawn is seen at once, and stays when they are gone. */
  readonly terminal: Terminal;
  /** Waits, below what is drawn. */
  readonly waits: WaitSink;
  /** Shows that the platform is being read, until something else is shown. */
  readonly read: () => void;
  /** Prints a result once nothing is drawn any more. */
  readonly print: (text: string) => void;
  readonly begin: (work: readonly WorkItem[]) => Promise<Progress>;
  /** Waits until nothing is drawn and everything is printed. */
  readonly rest: () => Promise<void>;
  /** The same at once, for a process that ends now. */
  readonly leave: () => void;
}

export function createApplyScreen(
  terminal: Terminal,
  { format, quiet, verbose, verify }: ScreenOptions,
  clock: Pick<RedrawOptions, 'now' | 'every'> & { readonly date?: () => Date } = {
    now: () => performance.now(),
    every,
  },
): ApplyScreen {
  const isWatched = format === 'text' && quiet !== true && verbose !== true;
  const drawn: RedrawOptions | undefined =
    isWatched && terminal.screen !== undefined ? { ...clock, verify, screen: terminal.screen } : undefined;
  let drawing: Promise<Drawing> | undefined;
  let current: Drawing | undefined;
  let pending = '';
  let said = nothingSaid;
  const date = clock.date ?? (() => new Date());

  const draw = (next: Promise<Drawing>): void => {
    drawing = next.then((started) => {
      current = started;
      started.say(said);
      return started;
    });
  };
  const flush = (): void => {
    if (pending !== '') terminal.out(pending);
    pending = '';
  };
  const rest = async (): Promise<void> => {
    const shown = await drawing;
    drawing = undefined;
    await shown?.end();
    current = undefined;
    flush();
  };
  const say = (text: () => string): void => {
    said = text;
    current?.say(text);
  };
  const saying = (write: (text: string) => void) => (text: string) => {
    write(text);
    current?.say(() => text.trim());
  };
  return {
    terminal: { ...terminal, err: saying(terminal.err), note: saying(terminal.note) },
    waits:
      drawn === undefined
        ? plainWaits(terminal, { date })
        : { tell: (wait) => say(countDown(wait, { now: clock.now, date })), over: () => say(nothingSaid) },
    read: () => {
      if (drawn !== undefined) draw(redrawnReading('Reading the platform', drawn));
    },
    print: (text) => {
      if (drawn !== undefined) pending += text;
      else terminal.out(text);
    },
    begin: async (work) => {
      await rest();
      if (drawn === undefined) return lineProgress(terminal);
      const progress = await redrawnProgress(work, drawn);
      draw(Promise.resolve(progress));
      return { onEvent: progress.onEvent, end: rest };
    },
    rest,
    leave: () => {
      current?.leave();
      flush();
    },
  };
}

/** No line. */
function nothingSaid(): string {
  return '';
}

function every(milliseconds: number, call: () => void): () => void {
  const timer = setInterval(call, milliseconds);
  return () => {
    clearInterval(timer);
  };
}
