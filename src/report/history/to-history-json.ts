import type { Json } from '../../model/json.ts';
import { isUnanswered, type RecordedRun, type RunHistory } from '../../model/run-history.ts';

/** What a run record tells, as plain JSON: each run as it was recorded, and what follows from it. */
export function toHistoryJson({ runs, key, filtered }: RunHistory): Json {
  const document = { ...(key === undefined ? {} : { key }), filtered, runs: runs.map(toRunJson) };
  // Plain data by construction; going through text drops nothing but what is undefined.
  const json: Json = JSON.parse(JSON.stringify(document));
  return json;
}

function toRunJson(run: RecordedRun): object {
  return {
    ...run,
    cutOff: run.ended === undefined,
    unanswered: run.instances.flatMap(({ key, steps }) =>
      steps.filter(isUnanswered).map(({ method, path, attempt, sentAt }) => ({ key, method, path, attempt, sentAt })),
    ),
  };
}
