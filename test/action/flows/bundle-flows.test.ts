import { describe, expect, it } from 'vitest';
import { builtAction } from '../../support/fake-runner.ts';
import { changeByHand, commitCheckout, commits, expectNoLeak, openFlow, pullEvent } from './open-flow.ts';

const built = builtAction;

describe('the bundle, as a runner starts it', () => {
  it('plans on the pull request, applies what was reviewed, reports drift and proposes to accept it', async () => {
    const scene = await openFlow();
    const plan = await scene.plan({ built });
    expect(plan).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(scene.bodies()[0]).toContain('connectorctl:review:v1');
    scene.merge();
    const applied = await scene.apply({ built });
    expect(applied).toMatchObject({ code: 0, outputs: { digest: plan.outputs['digest'] } });
    expect(scene.platform.sandbox.instances()).toHaveLength(1);
    await changeByHand(scene, { configuration: { username: 'by-hand' } });
    scene.github.trees.set(`t${commits.merged}`, new Map());
    const drift = await scene.drift({ built, inputs: { 'accept-drift': 'pull-request' } });
    expect(drift).toMatchObject({ code: 0, outputs: { drift: 'true' } });
    expect(scene.github.issues).toHaveLength(1);
    expect(scene.github.pulls).toHaveLength(2);
    for (const end of [plan, applied, drift]) expectNoLeak(scene, end);
  });

  it('gives a fork its offline plan, and refuses to apply there', async () => {
    const scene = await openFlow();
    const base = commitCheckout(scene);
    scene.rig.write('instances/two.yaml', scene.rig.read('instances/one.yaml').replace('One', 'Two'));
    const sha = commitCheckout(scene);
    const event = pullEvent({ id: 2 }, {}, base);
    const end = await scene.plan({ built, event, sha });
    expect(end).toMatchObject({ code: 0, outputs: { create: '1' } });
    expect(end.summary).toContain('Offline plan');
    const refused = await scene.plan({ built, event, sha, inputs: { command: 'apply' } });
    expect(refused.code).toBe(6);
    expect(scene.platform.requests).toEqual([]);
  });
});
