import type { DesiredInstance } from '../../src/model/desired.ts';
import type { AppliedVector } from '../../src/model/live.ts';
import { buildPlan, type PlanInput, type PlanTools } from '../../src/plan/build-plan.ts';
import { createContext } from '../../src/plan/plan-context.ts';
import { judgeWritten, type WrittenAnswer } from '../../src/plan/judge-written.ts';
import { recordApplied, type RecordOptions } from '../../src/plan/record-applied.ts';
import { createFingerprinter, sha256Hex } from '../../src/secret/fingerprint.ts';
import { aLive, aSecret, workspace } from '../support/builders.ts';

/** The real tools; another `key` stands for a changed HMAC key. */
export function planTools(key = 'a fingerprint key for tests', former: readonly string[] = []): PlanTools {
  return { fingerprinter: fingerprinterOf(key), formerFingerprinters: former.map(fingerprinterOf), digest: sha256Hex };
}

function fingerprinterOf(key: string): PlanTools['fingerprinter'] {
  return createFingerprinter(aSecret(key), { workspace, environment: 'production', host: 'api.example' });
}

/** What the create of a definition without configuration leaves on the instance with this id. */
export function appliedBy(desired: DesiredInstance, id = '1'): AppliedVector | undefined {
  const applied = buildPlan(anInput({ desired: [desired] }), planTools()).work[0]?.applied;
  const { name, connector } = desired;
  return (
    applied &&
    recordWritten(
      { desired, answered: aLive({ id, name, connector }), written: { applied } },
      { context: createContext(planTools()) },
    )
  );
}

/** What is remembered after a write, judged anew. */
export function recordWritten(about: WrittenAnswer, options: RecordOptions): AppliedVector {
  return recordApplied(judgeWritten(about, options.context), about, options);
}

/** A plan's input in which nothing is wanted and nothing is there. */
export function anInput(input: Partial<PlanInput> = {}): PlanInput {
  return {
    toolVersion: '0.0.0',
    workspace,
    environment: 'production',
    environments: new Set(['production', 'staging']),
    target: { baseUrl: 'https://api.example', account: '1' },
    desired: [],
    live: [],
    connectors: new Map(),
    prune: false,
    allowReplace: false,
    ...input,
  };
}
