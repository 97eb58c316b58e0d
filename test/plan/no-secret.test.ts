import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredInstance } from '../../src/model/desired.ts';
import { Secret, revealValue } from '../../src/model/secret.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { aConnector, aDesired, aLive, aSecret, anEntry } from '../support/builders.ts';
import { configurationKeys, manglingOf, revision } from './arbitraries.ts';
import { createManglingPlatform } from './mangling-platform.ts';
import { anInput, planTools } from './tools.ts';

const tools = planTools();
const connectors = new Map([
  [
    'sharefile',
    aConnector(
      'sharefile',
      configurationKeys.map((key) => anEntry({ key, defaultValue: 'default' })),
    ),
  ],
]);

describe('a plan', () => {
  it('holds no secret in any form, neither a new one nor the one before', () => {
    let seen = 0;
    fc.assert(
      fc.property(manglingOf, fc.array(revision, { minLength: 1, maxLength: 4 }), (mangle, revisions) => {
        const platform = createManglingPlatform(mangle, tools);
        const secrets = revisions.flat().flatMap(listSecrets);
        seen += secrets.length;
        for (const desired of revisions) {
          const live = platform.list();
          const { plan, work } = buildPlan(anInput({ desired, live, connectors, allowReplace: true }), tools);
          const shown = JSON.stringify({ plan, work });
          expect(secrets.flatMap(listForms).filter((form) => shown.includes(form))).toEqual([]);
          platform.apply(work, desired);
        }
      }),
      { numRuns: 300 },
    );
    expect(seen).toBeGreaterThan(300);
  });

  it('holds no secret that only the platform has', () => {
    const live = aLive({
      token: aSecret('canary-token'),
      configuration: { 'oauth.user.token': aSecret('canary-user-token'), password: aSecret('canary-password') },
      disabled: true,
    });
    const desired = aDesired({ name: 'New', configuration: { password: 'written in clear' } });
    const shown = JSON.stringify(buildPlan(anInput({ desired: [desired], live: [live] }), tools).plan);
    expect(shown).toContain('/configuration/password');
    expect(shown).not.toMatch(/canary|written in clear/);
  });

  it('holds no grant code', () => {
    const desired = aDesired({
      providerData: { code: aSecret('canary-code') },
      missingProviderData: ['secrets.OTHER'],
    });
    expect(JSON.stringify(buildPlan(anInput({ desired: [desired] }), tools).plan)).not.toContain('canary');
  });
});

function listSecrets(desired: DesiredInstance): readonly string[] {
  return [...desired.configuration.values()].flatMap((value) => (value instanceof Secret ? [revealValue(value)] : []));
}

function listForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('base64').replaceAll('=', ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    Array.from(secret).toReversed().join(''),
    secret.toLowerCase(),
    secret.trim(),
  ];
}
