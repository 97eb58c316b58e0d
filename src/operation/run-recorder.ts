import type { ApplyEvent, Outcome } from '../model/apply.ts';
import type { Plan } from '../model/plan.ts';
import type { Redactor } from '../model/redactor.ts';
import type { WorkItem } from '../model/work.ts';
import type { RequestLine, RequestStart } from '../platform/connect-options.ts';

/** Lines that are missing from a record although what they tell of happened. */
export interface RecordGap {
  /** Absolute path of the record. */
  readonly file: string;
  /** How many lines could not be written. */
  readonly lines: number;
  /** What the first refusal was, in the words of the operating system. */
  readonly reason: string;
}

/** Writes down what a run does, while it does it. Never stops an apply that has begun. */
export interface RunRecorder {
  /** A plan is about to be carried out. Throws a UserError when that cannot be written: nothing was sent yet. */
  readonly begin: (plan: Plan, redactor: Redactor) => void;
  /** Runs the work on an instance, so that its requests are known to be about it. */
  readonly within: <T>(item: WorkItem, run: () => Promise<T>) => Promise<T>;
  /** An attempt of a request is about to leave. */
  readonly sent: (request: RequestStart) => void;
  /** An attempt of a request is over. */
  readonly answered: (request: RequestLine) => void;
  readonly tell: (event: ApplyEvent) => void;
  /** What was refused before it began. */
  readonly refuse: (outcomes: readonly Outcome[]) => void;
}
