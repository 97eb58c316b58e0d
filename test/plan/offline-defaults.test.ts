import { describe, expect, it } from 'vitest';
import { findBuiltIn } from '../../src/catalogue/built-in.ts';
import type { DesiredValue } from '../../src/model/desired.ts';
import { buildOfflinePlan } from '../../src/plan/build-offline-plan.ts';
import { renderPlanText } from '../../src/report/plan/render-plan-text.ts';
import { aDesired, aSecret, workspace } from '../support/builders.ts';
import { anInput, planTools } from './tools.ts';

/** What a pull request says that takes keys out of a definition of ShareFile, with what is built in. */
function planRemoval(former: Readonly<Record<string, DesiredValue>>): ReturnType<typeof buildOfflinePlan> {
  const { live: _, connectors: __, ...input } = anInput({ desired: [aDesired()] });
  const baseOwner = { workspace, environment: 'production' };
  const base = [aDesired({ configuration: former })];
  return buildOfflinePlan(
    { ...input, base, baseOwner, offline: { ref: 'main', commit: 'a1b2c3d', remarks: [] } },
    { ...planTools(), facts: findBuiltIn },
  );
}

describe('a key that a pull request takes out of a definition, without the platform', () => {
  it('is told with the default that is built in', () => {
    const plan = planRemoval({ 'event.poller.refresh_interval': 30 });
    expect(plan.changes[0]?.fields).toEqual([
      expect.objectContaining({ field: '/configuration/event.poller.refresh_interval', before: '30', after: '5' }),
    ]);
    expect(renderPlanText(plan, { color: false, width: 100 })).toMatch(/event\.poller\.refresh_interval +30 +→ 5/);
  });

  it.each([
    ['stands at that default already: the platform may have another one', { 'event.poller.refresh_interval': 5 }],
    ['has none there', { 'sharefile.subdomain': 'acme' }],
    ['nobody knows', { 'my.own': 'x' }],
  ])('is told without a default where it %s', (_, former) => {
    const [change] = planRemoval(former).changes;
    expect(change).toMatchObject({
      action: 'update',
      fields: [{ cause: 'removed', meaning: { code: 'unknown-default' } }],
    });
    expect(change?.fields[0]).not.toHaveProperty('after');
  });

  it('shows neither side of a secret', () => {
    const [change] = planRemoval({ 'oauth.api.secret': aSecret('p4ss') }).changes;
    expect(change?.fields).toEqual([expect.objectContaining({ secret: true })]);
    expect(JSON.stringify(change)).not.toContain('p4ss');
  });
});
