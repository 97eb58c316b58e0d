import type { ApplyResult, Failure, Outcome } from '../../model/apply.ts';
import type { Json } from '../../model/json.ts';

/** What an apply did, as plain JSON: the counts by status, and every change without its fields, which stand in the plan. */
export function toResultJson(result: ApplyResult): Json {
  const count = (status: Outcome['status']) => result.outcomes.filter((outcome) => outcome.status === status).length;
  return {
    formatVersion: '1.0',
    interrupted: result.interrupted,
    summary: {
      succeeded: count('succeeded'),
      failed: count('failed'),
      unclear: count('unclear'),
      unverified: count('unverified'),
      refused: count('refused'),
      skipped: count('skipped'),
    },
    outcomes: result.outcomes.map(toOutcomeJson),
  };
}

function toOutcomeJson({ change, status, id, reason, failure }: Outcome): Json {
  return {
    key: change.key,
    action: change.action,
    connector: change.connector,
    name: change.name,
    status,
    ...(id === undefined ? {} : { id }),
    ...(reason === undefined ? {} : { reason }),
    ...(failure === undefined ? {} : { failure: toFailureJson(failure) }),
  };
}

function toFailureJson({ code, message, requestId, hint }: Failure): Json {
  return {
    code,
    message,
    ...(requestId === undefined ? {} : { requestId }),
    ...(hint === undefined ? {} : { hint }),
  };
}
