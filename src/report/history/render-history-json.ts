import { asJson, type Json } from '../../model/json.ts';
import { isUnanswered, type RecordedInstance, type RecordedRun, type RunHistory } from '../../model/run-history.ts';
import type { CommandContext } from '../next-step.ts';
import { explainEnd } from '../result/render-result-json.ts';

/** What a run record says, as plain JSON: each run as it was recorded, what follows from it, and each code in words as well. */
export function renderHistoryJson({ runs, key, filtered }: RunHistory): Json {
  return asJson({ key, filtered, runs: runs.map(explainRun) });
}

function explainRun(run: RecordedRun): object {
  return {
    ...run,
    instances: run.instances.map((instance) => explainInstance(instance, { environment: run.started?.environment })),
    cutOff: run.ended === undefined,
    unanswered: run.instances.flatMap(({ key, steps }) =>
      steps.filter(isUnanswered).map(({ method, path, attempt, sentAt }) => ({ key, method, path, attempt, sentAt })),
    ),
  };
}

function explainInstance(instance: RecordedInstance, commands: CommandContext): object {
  const { ended } = instance;
  return ended === undefined ? instance : { ...instance, ended: { ...ended, ...explainEnd(ended, commands) } };
}
