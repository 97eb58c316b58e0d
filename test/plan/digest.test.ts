import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import type { PlanInput } from '../../src/plan/build-plan.ts';
import { aDesired, aLive, aSecret } from '../support/builders.ts';
import type { DesiredOptions, LiveOptions } from '../support/builders.ts';
import { anInput, appliedBy, planTools } from './tools.ts';

function planOf(desired: DesiredOptions, live?: LiveOptions, input: Partial<PlanInput> = {}): Plan {
  const instances = live === undefined ? [] : [aLive(live)];
  return buildPlan(anInput({ desired: [aDesired(desired)], live: instances, ...input }), planTools()).plan;
}

const wanted = { configuration: { 'sharefile.subdomain': 'acme', password: aSecret('one') } };
const there = { configuration: { 'sharefile.subdomain': 'other', password: '********' } };

describe('the digest of a change', () => {
  it('changes with a secret that is to be created, though nothing of it is shown', () => {
    const rotated = { configuration: { ...wanted.configuration, password: aSecret('two') } };
    expect(planOf(rotated).changes[0]?.fields).toEqual(planOf(wanted).changes[0]?.fields);
    expect(planOf(rotated).changes[0]?.digest).not.toBe(planOf(wanted).changes[0]?.digest);
    expect(planOf(rotated).digest).not.toBe(planOf(wanted).digest);
  });

  it('changes with a secret of an instance that is updated for another reason', () => {
    const rotated = { configuration: { ...wanted.configuration, password: aSecret('two') } };
    expect(planOf(rotated, there).changes[0]?.fields).toEqual(planOf(wanted, there).changes[0]?.fields);
    expect(planOf(rotated, there).digest).not.toBe(planOf(wanted, there).digest);
  });

  it('changes with what was observed of a compared key', () => {
    const moved = { configuration: { ...there.configuration, 'sharefile.subdomain': 'third' } };
    expect(planOf(wanted, moved).digest).not.toBe(planOf(wanted, there).digest);
  });

  it('changes with a secret that somebody else changed, though nothing of it is shown', () => {
    const [one, other] = ['x', 'y'].map((text) => planOf(wanted, { configuration: { password: aSecret(text) } }));
    expect(one?.changes[0]?.fields).toEqual(other?.changes[0]?.fields);
    expect(one?.digest).not.toBe(other?.digest);
  });

  it('changes when a masked secret shows itself', () => {
    const shown = { configuration: { ...there.configuration, password: aSecret('one') } };
    expect(planOf(wanted, shown).digest).not.toBe(planOf(wanted, there).digest);
  });

  it('changes with the instance that is meant', () => {
    expect(planOf(wanted, { ...there, id: '2' }).digest).not.toBe(planOf(wanted, there).digest);
  });

  it('does not change with keys that nobody declared', () => {
    const more = { configuration: { ...there.configuration, 'oauth.user.refresh_time': '1461625686998' } };
    expect(planOf(wanted, more).digest).toBe(planOf(wanted, there).digest);
  });

  it('does not change with a grant code, which is used once', () => {
    expect(planOf({ ...wanted, providerData: { code: aSecret('1') } }).digest).toBe(
      planOf({ ...wanted, providerData: { code: aSecret('2') } }).digest,
    );
  });

  it('does not change when the definition moves to another line', () => {
    const source = { file: 'instances/sharefile.yaml', line: 7, column: 1 };
    expect(planOf({ ...wanted, source }, there).digest).toBe(planOf(wanted, there).digest);
  });

  it('changes with the reason for which nothing is done, and with what that is about', () => {
    const conflict = (live: LiveOptions) => planOf(wanted, { owner: null, ...live }).changes[0];
    expect(conflict({ id: '7' })?.reason).toEqual({ code: 'same-name', instances: ['7'] });
    expect(conflict({ id: '8' })?.digest).not.toBe(conflict({ id: '7' })?.digest);
    const [wrong] = planOf({ ...wanted, adopt: '9' }, { owner: null, id: '7' }).changes;
    expect(wrong?.reason).toEqual({ code: 'adopt-not-found', id: '9' });
    expect(wrong?.digest).not.toBe(conflict({ id: '7' })?.digest);
  });

  it('does not change with a status that is only noted', () => {
    expect(planOf(wanted, { ...there, valid: false }).digest).toBe(planOf(wanted, there).digest);
  });
});

describe('the digest of a plan', () => {
  it('does not change with commit and version, so that it holds after the merge', () => {
    expect(planOf(wanted, there, { commit: 'abc', toolVersion: '9.9.9' }).digest).toBe(planOf(wanted, there).digest);
  });

  it.each<[string, Partial<PlanInput>]>([
    ['environment', { environment: 'staging' }],
    ['base URL', { target: { baseUrl: 'https://other.example', account: '1' } }],
    ['account', { target: { baseUrl: 'https://api.example', account: '2' } }],
  ])('changes with the %s', (_, input) => {
    expect(planOf(wanted, there, input).digest).not.toBe(planOf(wanted, there).digest);
  });

  it('does not change with an unchanged instance that has a note', () => {
    const same = { key: 'same', name: 'Same' };
    const owner = { workspace: 'acme', environment: 'production', key: 'same' };
    const applied = appliedBy(aDesired(same));
    const live = [aLive(there), aLive({ id: '2', owner, name: 'Same', disabled: true, applied })];
    const one = buildPlan(anInput({ desired: [aDesired(wanted), aDesired(same)], live }), planTools()).plan;
    expect(one.changes.map((change) => change.action)).toEqual(['update', 'unchanged']);
    expect(one.digest).toBe(planOf(wanted, there).digest);
  });
});
