import type { RecordedRequest, RecordedRun } from '../../model/run-history.ts';
import type { RunEnded } from '../../model/run-record.ts';

/** `2026-11-17 09:12:04.120`, always UTC, whatever the machine's own zone is. */
export function formatTime(time: string): string {
  return time.replace('T', ' ').replace(/Z$/, '');
}

/** The time of day; with its date when that is not the day the run began. */
export function formatTimeIn(run: RecordedRun, time: string): string {
  const [day = '', hours = ''] = formatTime(time).split(' ');
  return run.from.startsWith(day) ? hours : `${day} ${hours}`;
}

/** `8 ms`, `12.4 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(Math.floor(milliseconds / 100) / 10).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.floor((milliseconds % 60_000) / 1000)} s`;
}

/** How a request ended, in a word or two. */
export function describeStatus(request: RecordedRequest): string {
  if (request.endedAt === undefined) return 'never answered';
  return request.status === undefined ? 'no answer' : String(request.status);
}

/** How a run ended, in a line. */
export function describeEnd(ended: RunEnded | undefined): string {
  if (ended === undefined) return 'incomplete';
  const { end, counts, interrupted, exitCode, durationMs } = ended;
  const after = `exit code ${exitCode}, ${formatDuration(durationMs)}`;
  if (end === 'declined') return `not applied (${after})`;
  if (end === 'failed') return `failed (${after})`;
  const parts = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  const what = parts.length === 0 ? 'nothing to do' : `applied: ${parts.join(', ')}`;
  return `${what}${interrupted ? ', interrupted' : ''} (${after})`;
}

/** What a person has to know about a run without an end. */
export const cutOffExplained = 'Incomplete: the run was killed or is still in progress.';

/** What a person has to know about a write without an answer. */
export const unansweredExplained = 'Sent but never answered; the platform may have carried it out:';

/** What to do about it. */
export const unansweredNext = 'Plan again; the plan shows what is there:\nconnectorctl plan';
