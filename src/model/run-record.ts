import type { Failure, Outcome, SkipReason } from './apply.ts';
import type { Action } from './plan.ts';

/** Version of the lines of a run record: `"v": 1`. A reader keeps lines of a later version as unknown. */
export const runRecordVersion = 1;

interface Line {
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  /** Random id of one run of the tool. Lines of two runs may alternate. */
  readonly run: string;
}

/** A plan was made and is about to be carried out. */
export interface RunStarted extends Line {
  readonly event: 'run-started';
  readonly toolVersion: string;
  readonly workspace: string;
  readonly environment: string;
  readonly baseUrl: string;
  readonly account?: string | undefined;
  readonly commit?: string | undefined;
  /** Digest of the plan. */
  readonly digest: string;
  /** How many instances have each action; actions without any are left out. */
  readonly planned: Readonly<Record<string, number>>;
  /** Who ran it, as the process environment says; proves nothing. */
  readonly actor?: string | undefined;
  /** Address of the CI job. */
  readonly job?: string | undefined;
}

/** Work on an instance began. */
export interface InstanceStarted extends Line {
  readonly event: 'started';
  readonly key: string;
  readonly action: Action;
  readonly connector: string;
  readonly name: string;
  readonly id?: string | undefined;
  readonly previousKey?: string | undefined;
}

interface RequestName extends Line {
  readonly key: string;
  readonly method: string;
  /** Below the base URL, without the query. */
  readonly path: string;
  /** 1-based. */
  readonly attempt: number;
}

/** A write is about to leave. Without a `request` line after it, nobody knows whether the platform carried it out. */
interface RequestSent extends RequestName {
  readonly event: 'request-sent';
}

/** An attempt of a request is over. */
export interface RequestEnded extends RequestName {
  readonly event: 'request';
  /** Absent when no answer came. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly durationMs: number;
}

/** What became of an instance. */
export interface InstanceEnded extends Line {
  readonly event: 'outcome';
  readonly key: string;
  readonly action: Action;
  readonly status: Outcome['status'];
  readonly id?: string | undefined;
  readonly reason?: SkipReason | undefined;
  readonly failure?: Failure | undefined;
  /** Absent when it was never begun. */
  readonly durationMs?: number | undefined;
}

/** The run came to its end; one that was killed has no such line. */
export interface RunEnded extends Line {
  readonly event: 'run-ended';
  /** `declined`: a limit or a person stopped it and nothing was sent. `failed`: an error ended it before its end. */
  readonly end: 'applied' | 'declined' | 'failed';
  readonly exitCode: number;
  /** How many instances have each status; statuses without any are left out. */
  readonly counts: Readonly<Record<string, number>>;
  readonly interrupted: boolean;
  /** Why it was declined or failed. */
  readonly message?: string;
  readonly durationMs: number;
}

/** One line of a run record. Never holds a secret, a body or a query. */
export type RunEvent = RunStarted | InstanceStarted | RequestSent | RequestEnded | InstanceEnded | RunEnded;

/** A line that a later version of the tool wrote. */
export interface UnknownRunEvent extends Line {
  readonly event: 'unknown';
  /** What the line calls itself. */
  readonly kind: string;
  readonly key?: string;
}

/** Whether a request changes something: only those are recorded before they leave. */
export function isWriteMethod(method: string): boolean {
  return method !== 'GET';
}
