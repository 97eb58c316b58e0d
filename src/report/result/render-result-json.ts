import type { ApplyResult, Outcome } from '../../model/apply.ts';
import { asJson, type Json } from '../../model/json.ts';
import type { CommandContext } from '../next-step.ts';
import { explainOutcome } from './result-words.ts';
import { describeFailure, describeSkip } from './failure-words.ts';

/**
 * What an apply did, as plain JSON: the counts by status, and every change without its fields, which are in the plan.
 * A failure holds its code and facts; `message` and `hint` say the same in words, which any version may change.
 */
export function renderResultJson(result: ApplyResult, commands: CommandContext = {}): Json {
  const count = (status: Outcome['status']) => result.outcomes.filter((outcome) => outcome.status === status).length;
  return asJson({
    formatVersion: '1.0',
    interrupted: result.interrupted,
    summary: {
      succeeded: count('succeeded'),
      failed: count('failed'),
      unclear: count('unclear'),
      unverified: count('unverified'),
      refused: count('refused'),
      leftOut: count('left-out'),
      skipped: count('skipped'),
    },
    outcomes: result.outcomes.map((outcome) => describe(outcome, commands)),
    subscriptions: result.subscriptions,
  });
}

function describe(outcome: Outcome, commands: CommandContext): object {
  const { change, status, id, reason, failure } = outcome;
  const { key, action, connector, name } = change;
  if (status === 'left-out')
    return { key, action, connector, name, status, id, failure: explainOutcome(outcome, commands) };
  return { key, action, connector, name, status, id, ...explainEnd({ reason, failure }, commands) };
}

/** Why a change was skipped or failed, for a program that shows it: beside each code the same in words. */
export function explainEnd({ reason, failure }: Pick<Outcome, 'reason' | 'failure'>, commands: CommandContext): object {
  return {
    reason: reason && { ...reason, message: describeSkip(reason) },
    failure: failure && { ...failure, ...describeFailure(failure, commands) },
  };
}
