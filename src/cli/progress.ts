import picocolors from 'picocolors';
import type { ApplyEvent } from '../model/apply.ts';
import type { WorkItem } from '../model/work.ts';
import type { Progress } from '../operation/apply.ts';
import { renderEventLine } from '../report/result/render-event-line.ts';
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

/**
 * One redrawn line on a terminal: how far the apply is, and what is under way.
 * One task for the whole phase: a task for each instance would cost seconds from a hundred on.
 */
export async function redrawnProgress(
  work: readonly WorkItem[],
  { errColor, screen }: Pick<Terminal, 'errColor' | 'screen'>,
): Promise<Progress> {
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2');
  const colors = picocolors.createColors(errColor);
  const running = new Set<string>();
  const state: State = { done: new Set(), failed: new Set() };
  // A promise and no event: a fast apply is over before the list gets to its task.
  const end: { reach: () => void } = { reach: () => {} };
  const ended = new Promise<void>((resolve) => {
    end.reach = resolve;
  });
  const draw: { current: (() => void) | undefined } = { current: undefined };
  const processOutput = new ProcessOutput(screen, screen);

  const list = new Listr(
    [
      {
        title: 'Apply',
        task: async (_context, task) => {
          draw.current = () => {
            const failed = state.failed.size === 0 ? '' : colors.red(`, ${state.failed.size} failed`);
            task.title = `Apply ${state.done.size}/${work.length}${failed}`;
            task.output = [...running].slice(0, 3).join(', ');
          };
          draw.current();
          await ended;
        },
      },
    ],
    {
      renderer: 'default',
      registerSignalListeners: false,
      exitOnError: false,
      rendererOptions: { collapseSubtasks: false, logger: new ListrLogger({ useIcons: true, processOutput }) },
    },
  );
  const drawn = list.run();
  return {
    onEvent: (event) => {
      follow(event, running, state);
      draw.current?.();
    },
    end: async () => {
      end.reach();
      await drawn;
    },
  };
}

/** Sets and no counters: what succeeded may be told once more, when it is read back. */
interface State {
  readonly done: Set<ApplyEvent['change']>;
  readonly failed: Set<ApplyEvent['change']>;
}

function follow({ status, change }: ApplyEvent, running: Set<string>, state: State): void {
  if (status === 'started') {
    running.add(change.key);
    return;
  }
  running.delete(change.key);
  state.done.add(change);
  if (status !== 'succeeded' && status !== 'skipped') state.failed.add(change);
}
