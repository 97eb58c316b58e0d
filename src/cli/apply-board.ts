import { describeWait } from '../report/result/wait-words.ts';
import type { ApplyEvent } from '../model/apply.ts';
import type { Change } from '../model/plan.ts';
import type { WorkItem } from '../model/work.ts';
import { visible } from '../model/visible.ts';

/** One task as a person sees it: what is done, for how long, and which instances are in work. */
export interface Stage {
  readonly title: string;
  readonly lines: readonly string[];
  readonly state: 'waiting' | 'running' | 'done' | 'left out';
}

/** Follows an apply and says at any time how far it is. */
export interface ApplyBoard {
  readonly follow: (event: ApplyEvent) => void;
  /** The apply is over: what has not begun will not. */
  readonly finish: () => void;
  /** Always the same stages. Costs the same however long the plan is. */
  readonly look: () => readonly Stage[];
}

export interface BoardOptions {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Whether what was changed is read back. */
  readonly verify: boolean;
}

/** Changes that are carried out together. Sets and no counters: what succeeded may be told once more, when it is read back. */
interface Phase {
  readonly total: number;
  /** When each began. The one that takes longest stands first. */
  readonly inWork: Map<Change, number>;
  /** What those wait for that do, in words. */
  readonly waits: Map<Change, string>;
  readonly ended: Set<Change>;
  readonly failed: Set<Change>;
  readonly skipped: Set<Change>;
  begun?: number;
  over?: number;
}

interface Times {
  readonly now: number;
  readonly finished: number | undefined;
}

/** Instances in work that are listed; the others are counted. */
const listed = 8;

/** The stages of an apply in their order: changes, what is read back of them, deletes. Those without work are not there. */
export function createBoard(work: readonly WorkItem[], { now, verify }: BoardOptions): ApplyBoard {
  const deletes = toPhase(work.filter(({ change }) => change.action === 'delete').length);
  const changes = toPhase(work.length - deletes.total);
  let failedBeforeReading = 0;
  let finished: number | undefined;
  return {
    follow: (event) => {
      const wasOver = changes.over !== undefined;
      followEvent(event.change.action === 'delete' ? deletes : changes, event, now());
      if (!wasOver) failedBeforeReading = changes.failed.size;
    },
    finish: () => {
      finished ??= now();
    },
    look: () => {
      const times = { now: now(), finished };
      const found = changes.failed.size - failedBeforeReading;
      return [
        ...(changes.total > 0 ? [toStage(changes, ['Change', 'Changing', 'Changed'], times)] : []),
        ...(changes.total > 0 && verify
          ? [toReadBack(changes, { found, until: deletes.begun ?? finished, times })]
          : []),
        ...(deletes.total > 0 ? [toStage(deletes, ['Delete', 'Deleting', 'Deleted'], times)] : []),
      ];
    },
  };
}

function toPhase(total: number): Phase {
  return { total, inWork: new Map(), waits: new Map(), ended: new Set(), failed: new Set(), skipped: new Set() };
}

function followEvent(phase: Phase, event: ApplyEvent, at: number): void {
  const { status, change } = event;
  if (status === 'waiting') {
    phase.waits.set(change, describeWait(event.wait));
    return;
  }
  if (status === 'started') {
    phase.begun ??= at;
    phase.inWork.set(change, at);
    return;
  }
  phase.inWork.delete(change);
  phase.waits.delete(change);
  phase.ended.add(change);
  if (status === 'skipped') phase.skipped.add(change);
  else if (status !== 'succeeded') phase.failed.add(change);
  if (phase.ended.size === phase.total) phase.over ??= at;
}

function toStage(phase: Phase, [plain, during, past]: readonly [string, string, string], times: Times): Stage {
  const { total, ended, failed, skipped, begun, over = times.finished } = phase;
  const instances = total === 1 ? 'instance' : 'instances';
  const trouble = `${failed.size > 0 ? `, ${failed.size} failed` : ''}${skipped.size > 0 ? `, ${skipped.size} not begun` : ''}`;
  if (begun === undefined) {
    const state = over === undefined ? 'waiting' : 'left out';
    return { title: `${plain} ${total} ${instances}${trouble}`, lines: [], state };
  }
  if (over !== undefined) {
    const title = `${past} ${ended.size - failed.size - skipped.size} of ${total} ${instances}${trouble}`;
    return { title: `${title}  ${showDuration(over - begun)}`, lines: [], state: 'done' };
  }
  const title = `${during} ${total} ${instances}: ${ended.size} done${trouble}, ${total - ended.size} left`;
  return { title: `${title}  ${showDuration(times.now - begun)}`, lines: listInWork(phase, times), state: 'running' };
}

function listInWork({ inWork, waits }: Phase, { now }: Times): readonly string[] {
  const lines: string[] = [];
  for (const [change, since] of inWork) {
    const { action, key } = change;
    if (lines.length === listed) return [...lines, `and ${inWork.size - listed} more`];
    const wait = waits.get(change);
    lines.push(`${action}  ${visible(key)}  ${showDuration(now - since)}${wait === undefined ? '' : `  ${wait}`}`);
  }
  return lines;
}

interface ReadBack {
  /** Instances that are not as they were written. */
  readonly found: number;
  readonly until: number | undefined;
  readonly times: Times;
}

/** Begins when the last change has ended, and ends with the first delete or with the apply. Not after an interruption. */
function toReadBack({ over, skipped }: Phase, { found, until, times }: ReadBack): Stage {
  const trouble = found > 0 ? `, ${found} not as written` : '';
  if (over === undefined || skipped.size > 0) {
    const state = times.finished === undefined ? 'waiting' : 'left out';
    return { title: 'Read back what was changed', lines: [], state };
  }
  if (until !== undefined) {
    return { title: `Read back what was changed${trouble}  ${showDuration(until - over)}`, lines: [], state: 'done' };
  }
  const title = `Reading back what was changed${trouble}  ${showDuration(times.now - over)}`;
  return { title, lines: [], state: 'running' };
}

/** `12 s`, `3 min 5 s`. */
export function showDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
