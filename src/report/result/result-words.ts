import type { createColors } from 'picocolors';
import { type ApplyResult, isLeftAlone, type Outcome } from '../../model/apply.ts';
import type { Action } from '../../model/plan.ts';
import type { CommandContext } from '../next-step.ts';
import { describeNextStep, describeReason } from '../plan/reason-words.ts';
import type { Paint } from '../text-table.ts';
import { describeFailure } from './failure-words.ts';

const done: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'updated',
  move: 'moved',
  adopt: 'adopted',
  remember: 'remembered',
  authorize: 'authorized',
  reauthorize: 'reauthorized',
  replace: 'replaced',
  delete: 'deleted',
  conflict: 'conflict',
  blocked: 'blocked',
  orphan: 'orphan',
  unchanged: 'unchanged',
};

/** Actions that apply never carries out. */
const idle: ReadonlySet<Action> = new Set(['conflict', 'blocked', 'orphan', 'unchanged']);

/** What a plan leaves to a person. */
const waiting: ReadonlySet<Action> = new Set(['authorize', 'reauthorize']);

/** One character for what became of a change. */
export const marks: Readonly<Record<Outcome['status'], string>> = {
  succeeded: '✓',
  unverified: '!',
  refused: '!',
  'left-out': '!',
  skipped: '-',
  failed: '✗',
  unclear: '?',
};

/** The color of what became of a change. */
export function paintStatus(colors: ReturnType<typeof createColors>, status: Outcome['status']): Paint {
  const paints: Readonly<Record<Outcome['status'], Paint>> = {
    succeeded: colors.green,
    unverified: (text) => colors.bold(colors.yellow(text)),
    refused: (text) => colors.bold(colors.yellow(text)),
    'left-out': colors.yellow,
    skipped: colors.dim,
    failed: (text) => colors.bold(colors.red(text)),
    unclear: (text) => colors.bold(colors.yellow(text)),
  };
  return paints[status];
}

/** What was found after a change, by the code of its failure. */
const doubts: Readonly<Record<string, string>> = {
  'not-listed': 'not listed yet',
  'keys-lost': 'keys lost',
  'not-taken': 'not taken',
  'ping-failed': 'ping failed',
  'read-back-differs': 'reads differently',
  'read-back-missing': 'no longer there',
  'user-tags-lost': 'tags lost',
};

/**
 * What became of a change, in the past tense: `created`, `create failed`, `created, ping failed`.
 * @param code of the failure, where there is one
 */
export function describeOutcome(action: Action, status: Outcome['status'], code = ''): string {
  if (status === 'succeeded' || idle.has(action)) return done[action];
  if (status === 'left-out') return waiting.has(action) ? 'waits for a person' : `${action} refused`;
  if (status !== 'unverified') return `${action} ${status}`;
  const doubt = Object.hasOwn(doubts, code) ? doubts[code] : undefined;
  return `${done[action]}, ${doubt ?? 'not verified'}`;
}

/** The counts of a result: `2 created, 1 deleted. 1 failed.` Ends with a full stop. */
export function countOutcomes({ outcomes }: ApplyResult): string {
  const succeeded = outcomes.filter(({ status }) => status === 'succeeded' || status === 'unverified');
  const parts = Object.entries(done)
    .map(([action, word]) => [succeeded.filter(({ change }) => change.action === action).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`);
  const statuses: readonly Outcome['status'][] = ['failed', 'unclear', 'refused', 'unverified', 'skipped'];
  const left = outcomes.filter(isLeftAlone).length;
  const countOf = (status: Outcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length - (status === 'skipped' ? left : 0);
  const others = [
    ...statuses.map((status) => [countOf(status), status] as const),
    [left, 'left alone'] as const,
    ...countLeftOut(outcomes),
  ]
    .filter(([count]) => count > 0)
    .map(([count, status]) => ` ${count} ${status}.`);
  return `${parts.length === 0 ? 'nothing' : parts.join(', ')}.${others.join('')}`;
}

/** How many the plan stopped, by what stops them. */
function countLeftOut(outcomes: ApplyResult['outcomes']): readonly (readonly [number, string])[] {
  const count = (action: Action): number =>
    outcomes.filter((outcome) => outcome.status === 'left-out' && outcome.change.action === action).length;
  const waits = count('authorize') + count('reauthorize');
  return [
    [count('conflict'), count('conflict') === 1 ? 'conflict' : 'conflicts'],
    [count('blocked'), 'blocked'],
    [count('replace'), count('replace') === 1 ? 'replace refused' : 'replaces refused'],
    [waits, waits === 1 ? 'waits for a person' : 'wait for a person'],
    [count('orphan'), count('orphan') === 1 ? 'orphan' : 'orphans'],
  ];
}

/** Why something was not done, or is in doubt, and what to do about it. */
interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly requestId?: string | undefined;
}

/** What a person has to know about an outcome; undefined where all is well, or was only not begun. */
export function explainOutcome(
  { change, status, failure }: Pick<Outcome, 'change' | 'status' | 'failure'>,
  commands: CommandContext,
): Explanation | undefined {
  if (failure !== undefined) {
    return { ...describeFailure(failure, commands), code: failure.code, requestId: failure.requestId };
  }
  const [message, hint] = [describeReason(change), describeNextStep(change, commands)];
  if (status !== 'left-out' || change.reason === undefined || message === undefined) return undefined;
  return { code: change.reason.code, message, hint: hint ?? '' };
}

/** What a person has to know about unclear outcomes, and what to do. */
export const unclearExplained =
  'Unclear: the platform may have carried it out, but that could not be determined. Plan again before anything else; the plan shows what is there.';

/** What a person has to know about an apply that was stopped. */
export const interruptedExplained =
  'Interrupted: the rest was not started. Apply again to finish; what is done stays done.';
