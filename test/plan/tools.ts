import type { DesiredInstance } from '../../src/model/desired.ts';
import type { AppliedVector } from '../../src/model/live.ts';
import { buildPlan, type PlanInput, type PlanTools } from '../../src/plan/build-plan.ts';
import { createFingerprinter, sha256Hex } from '../../src/secret/fingerprint.ts';
import { aSecret, workspace } from '../support/builders.ts';

/** The real tools; another `key` stands for a changed HMAC key. */
export function planTools(key = 'a fingerprint key for tests', former: readonly string[] = []): PlanTools {
  return { fingerprinter: fingerprinterOf(key), formerFingerprinters: former.map(fingerprinterOf), digest: sha256Hex };
}

function fingerprinterOf(key: string): PlanTools['fingerprinter'] {
  return createFingerprinter(aSecret(key), { workspace, environment: 'production', host: 'api.example' });
}

/** What the create of a definition leaves on its instance. */
export function appliedBy(desired: DesiredInstance): AppliedVector | undefined {
  return buildPlan(anInput({ desired: [desired] }), planTools()).work[0]?.applied;
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
