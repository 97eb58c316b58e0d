import type { WorkItem } from '../model/work.ts';
import type { Progress } from '../operation/apply.ts';
import { renderEventLine } from '../report/result/render-event-line.ts';
import { type BoardOptions, createBoard, showDuration, type Stage } from './apply-board.ts';
import type { Terminal } from './terminal.ts';

/** Plain lines for logs: one an event, without any control character. */
export function lineProgress(terminal: Terminal): Progress {
  const options = { color: terminal.errColor };
  return {
    onEvent: (event) => {
      if (event.status !== 'started') terminal.note(`${renderEventLine(event, options)}\n`);
    },
    end: async () => {},
  };
}

export interface RedrawOptions extends BoardOptions {
  /** Calls until it is told to stop. */
  readonly every: (milliseconds: number, call: () => void) => () => void;
  /** Where it is drawn. */
  readonly screen: NodeJS.WriteStream;
}

/** Tasks that are redrawn on a terminal. Whatever is written to standard error meanwhile is shown at once and kept for the end. */
export interface Drawing {
  /** Draws the last state. Nothing is drawn any more when it is done. */
  readonly end: () => Promise<void>;
  /** Gives the terminal back at once, for a process that ends now. */
  readonly leave: () => void;
  /** A line that a person should see now, asked for whenever it is drawn; empty: none. */
  readonly say: (text: () => string) => void;
}

/** How often the screen is brought up to date, in milliseconds. */
const period = 200;

/** The stages of an apply, until it ends. */
export async function redrawnProgress(work: readonly WorkItem[], options: RedrawOptions): Promise<Progress & Drawing> {
  const board = createBoard(work, options);
  const drawing = await drawStages(board.look, options, { clearOutput: false });
  return {
    ...drawing,
    onEvent: board.follow,
    end: async () => {
      board.finish();
      await drawing.end();
    },
  };
}

/** One stage for the time before there is work. Leaves no trace: the plan or the problem that comes next says how it went. */
export async function redrawnReading(title: string, options: RedrawOptions): Promise<Drawing> {
  const begun = options.now();
  const look = (): readonly Stage[] => [
    { title: `${title}  ${showDuration(options.now() - begun)}`, lines: [], state: 'running' },
  ];
  return drawStages(look, options, { clearOutput: true });
}

/**
 * A task for each stage. Never one for each instance: 500 tasks would cost more than a minute.
 * The instances in work are the output of their stage, written anew as a whole.
 */
async function drawStages(
  look: () => readonly Stage[],
  { every, screen }: RedrawOptions,
  { clearOutput }: { readonly clearOutput: boolean },
): Promise<Drawing> {
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2');
  const processOutput = new ProcessOutput(screen, screen);
  const gates = look().map(makeGate);
  const list = new Listr(
    gates.map(({ opened }, index) => ({
      title: look()[index]?.title ?? '',
      task: async (_context, task) => {
        await opened;
        const stage = look()[index];
        if (stage?.state === 'left out') task.skip(stage.title);
      },
    })),
    {
      renderer: 'default',
      // Its handler would end the process with 127 in the midst of a write.
      registerSignalListeners: false,
      exitOnError: false,
      rendererOptions: {
        clearOutput,
        suffixSkips: false,
        formatOutput: 'truncate',
        logger: new ListrLogger({ useIcons: true, processOutput }),
      },
    },
  );
  let said: (() => string) | undefined;
  const refresh = () => {
    const line = said?.() ?? '';
    for (const [index, { title, lines, state }] of look().entries()) {
      const task = list.tasks[index];
      if (task === undefined) continue;
      if (task.title !== title) task.title$ = title;
      const isOver = state === 'done' || state === 'left out';
      const output = [...lines, ...(line === '' || state !== 'running' ? [] : [line])].join('\n');
      if (!isOver && task.output !== output) task.output$ = output;
      if (isOver) gates[index]?.open();
    }
  };
  const drawn = list.run();
  refresh();
  const stop = every(period, refresh);
  return {
    say: (text) => {
      said = text;
      refresh();
    },
    leave: () => {
      stop();
      processOutput.release();
    },
    end: async () => {
      stop();
      refresh();
      for (const gate of gates) gate.open();
      await drawn;
    },
  };
}

/** A promise and no event: a fast apply is over before the list gets to its task. */
function makeGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const gate = { open: () => {} };
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  return { opened, open: () => gate.open() };
}
