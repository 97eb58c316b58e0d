import type { InstanceEnded, InstanceStarted, RunEnded, RunStarted } from './run-record.ts';

/** A request as far as it is known. A write with `sentAt` and without `endedAt` was never answered. */
export interface RecordedRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly path: string;
  readonly attempt: number;
  readonly sentAt?: string;
  readonly endedAt?: string;
  /** Absent when no answer came. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly durationMs?: number;
}

/** One thing that happened to an instance; `unknown` was written by a later version of the tool. */
export type RecordedStep = RecordedRequest | { readonly kind: 'unknown'; readonly time: string; readonly name: string };

/** One instance in one run. */
export interface RecordedInstance {
  readonly key: string;
  /** Absent when its line is lost, or when it was refused before it began. */
  readonly started?: InstanceStarted;
  readonly steps: readonly RecordedStep[];
  /** Absent when the run was cut off before. */
  readonly ended?: InstanceEnded;
}

/** One run of the tool, as its lines describe it. */
export interface RecordedRun {
  readonly run: string;
  /** Time of its first line. */
  readonly from: string;
  /** Time of its last line. */
  readonly to: string;
  readonly started?: RunStarted;
  /** Absent: it was killed, or is still in progress. */
  readonly ended?: RunEnded;
  readonly instances: readonly RecordedInstance[];
}

/** What a run record says, without what was not asked for. */
export interface RunHistory {
  /** In the order in which they began. */
  readonly runs: readonly RecordedRun[];
  /** The one instance that was asked for. */
  readonly key?: string | undefined;
  /** True: something was left out because of its time or because it went well. */
  readonly filtered: boolean;
}

/** Whether a write was sent and nobody knows what became of it. */
export function isUnanswered(step: RecordedStep): step is RecordedRequest {
  return step.kind === 'request' && step.sentAt !== undefined && step.endedAt === undefined;
}
