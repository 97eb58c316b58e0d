import { describe, expect, it } from 'vitest';
import { setMain } from '../../support/fake-github.ts';
import type { StepEnd } from '../../support/fake-runner.ts';
import { definitionOf } from '../../support/world.ts';
import { changeByHand, expectNoLeak, type FlowFixture, openFlow, type Options, pullEvent } from './open-flow.ts';

/** The job of a pull request: the credentials of the account, and no secret of a definition. */
const bare: Options = { inputs: { 'withhold-secrets': 'true' }, env: { CONNECTORCTL_SECRET_PASSWORD: '' } };

function sha(digit: string): string {
  return digit.repeat(40);
}

/** Applied once, by a plan without values that was reviewed on pull request 5. */
async function openApplied(): Promise<FlowFixture> {
  const fixture = await openFlow();
  expect(await fixture.plan(bare)).toMatchObject({ code: 0, outputs: { create: '1' } });
  fixture.merge();
  expect(await fixture.apply()).toMatchObject({ code: 0, outputs: { create: '1' } });
  return fixture;
}

/** Proposes the definition on pull request 6, plans it without values, merges it, and applies it with these secrets. */
async function proposeAndApply(fixture: FlowFixture, text: string, env: NonNullable<Options['env']>): Promise<StepEnd> {
  const { github, pull, rig } = fixture;
  const six = { ...pull, number: 6, headSha: sha('6'), headRef: 'six', state: 'open' as const, merged: false };
  github.pulls.push(six);
  rig.write('instances/one.yaml', text);
  const event = pullEvent(undefined, { number: 6, head: { sha: sha('6'), repo: { id: 1 } } });
  expect((await fixture.plan({ ...bare, event, ref: 'refs/pull/6/merge' })).code).toBe(0);
  Object.assign(six, { state: 'closed', merged: true, mergedAt: github.tick() });
  setMain(github, sha('e'), { message: 'Merge #6', parents: [github.branches.get('main') ?? ''] });
  github.pullsOfCommit.set(sha('e'), [6]);
  return fixture.apply({ sha: sha('e'), env });
}

function live({ platform }: FlowFixture): Readonly<Record<string, unknown>> {
  return platform.sandbox.instances()[0]?.configuration ?? {};
}

function errorsOf({ log }: StepEnd): string {
  return log.commands.flatMap(({ name, data }) => (name === 'error' ? [data] : [])).join('\n');
}

describe('a pull request that is planned without the values of the secrets', () => {
  it('is applied with them on merge, and says on the pull request what it was compared by', async () => {
    const fixture = await openApplied();
    expect(fixture.bodies()[0]).toContain('Made without the values of the secrets');
    const text = definitionOf('One').replace('username: one', 'username: uno').replace('PASSWORD', 'OTHER');
    const end = await proposeAndApply(fixture, text, { CONNECTORCTL_SECRET_OTHER: 'another password' });
    expect(end).toMatchObject({ code: 0, outputs: { update: '1' } });
    expect(live(fixture)).toMatchObject({ username: 'uno', password: 'another password' });
    expectNoLeak(fixture, end);
  });

  it('lets a secret that was rotated since go with it, and one that is all there is to do, as no such plan can show one', async () => {
    const fixture = await openApplied();
    const rotated = { CONNECTORCTL_SECRET_PASSWORD: 'rotated password' };
    const end = await proposeAndApply(fixture, definitionOf('One').replace('username: one', 'username: uno'), rotated);
    expect(end.code).toBe(0);
    expect(live(fixture)).toMatchObject({ username: 'uno', password: 'rotated password' });
    const again = await fixture.apply({ sha: sha('e'), env: { CONNECTORCTL_SECRET_PASSWORD: 'rotated again' } });
    expect(again.code).toBe(0);
    expect(live(fixture)).toMatchObject({ password: 'rotated again' });
  });

  it('lets nothing through that it did not show: another reference, a change beside it, another value in clear', async () => {
    const fixture = await openApplied();
    const env = { CONNECTORCTL_SECRET_OTHER: 'another password' };
    const text = definitionOf('One').replace('username: one', 'username: uno');
    for (const pushed of [text, text.replace('PASSWORD', 'OTHER'), definitionOf('One').replace('PASSWORD', 'OTHER')]) {
      fixture.rig.write('instances/one.yaml', pushed);
      const end = await fixture.apply({ env });
      expect(end.code).toBe(6);
      expect(errorsOf(end)).toContain('one:');
      expect(live(fixture)).toMatchObject({ username: 'one' });
    }
  });

  it('leaves drift alone that nobody reviewed, together with a secret that was rotated meanwhile', async () => {
    const fixture = await openApplied();
    await changeByHand(fixture, { configuration: { username: 'by hand' } });
    const end = await fixture.apply({ env: { CONNECTORCTL_SECRET_PASSWORD: 'rotated password' } });
    expect(end.code).toBe(0);
    expect(live(fixture)).toMatchObject({ username: 'by hand' });
  });
});
