import type { PlanInput, PlanTools } from '../../src/plan/build-plan.ts';
import { createFingerprinter, sha256Hex } from '../../src/secret/fingerprint.ts';
import { aSecret, workspace } from '../support/builders.ts';

/** The real tools; another `key` stands for a changed HMAC key. */
export function planTools(key = 'a fingerprint key for tests'): PlanTools {
  const fingerprinter = createFingerprinter({ key: aSecret(key), organizationSecret: aSecret('unused'), workspace });
  return { fingerprinter, digest: sha256Hex };
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
