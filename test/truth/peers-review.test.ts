import { expect, describe, it } from 'vitest';
import { commits, type FlowFixture, openFlow, pullEvent } from '../action/flows/open-flow.ts';
import { setMain } from '../support/fake-github.ts';
import type { Answer } from '../support/http-server.ts';
import { definitionOf } from '../support/world.ts';

const names = ({ platform }: FlowFixture): readonly string[] =>
  platform.sandbox
    .instances()
    .map(({ name }) => name)
    .toSorted();

describe('peers F2: a failed apply that is run again', () => {
  it('completes what was reviewed', async () => {
    let refusals = 1;
    const refuseOnce = ({ method, body }: { readonly method: string; readonly body: string }): Answer | undefined => {
      if (method !== 'POST' || !body.includes('Two') || refusals === 0) return undefined;
      refusals -= 1;
      return { status: 400, json: { message: 'Login failed', requestId: 'r1' } };
    };
    const scene = await openFlow({
      files: { 'instances/two.yaml': definitionOf('Two') },
      platform: { before: refuseOnce },
    });
    await scene.plan();
    scene.merge();
    expect(await scene.apply()).toMatchObject({ code: 5 });
    expect(names(scene)).toEqual(['One']);
    expect(await scene.apply()).toMatchObject({ code: 0 });
    expect(names(scene)).toEqual(['One', 'Two']);
  });
});

describe('peers F3: what was reviewed is applied, change by change', () => {
  it('two pull requests that are merged close together', async () => {
    const scene = await openFlow();
    const { github, pull, rig } = scene;
    await scene.plan();
    // The second one began at the same commit, and does not hold the change of the first one.
    const second = { ...pull, number: 6, headSha: '9'.repeat(40), headRef: 'other' };
    github.pulls.push(second);
    const event = pullEvent(undefined, { number: 6, head: { sha: second.headSha, repo: { id: 1 } } });
    rig.write('instances/two.yaml', definitionOf('Two'));
    rig.write('instances/one.yaml', '# In the other pull request.\n');
    const planned = await scene.plan({ event, ref: 'refs/pull/6/merge' });
    expect(planned).toMatchObject({ code: 0, outputs: { create: '1' } });

    rig.write('instances/one.yaml', definitionOf('One'));
    const first = 'e'.repeat(40);
    for (const merged of [pull, second]) Object.assign(merged, { state: 'closed', merged: true });
    setMain(github, first, { message: 'Merge pull request #5 from acme/topic', parents: [commits.base] });
    github.pullsOfCommit.set(first, [5]);
    setMain(github, commits.merged, { message: 'Merge pull request #6 from acme/other', parents: [first] });
    github.pullsOfCommit.set(commits.merged, [6]);
    expect(await scene.apply()).toMatchObject({ code: 0 });
    expect(names(scene)).toEqual(['One', 'Two']);
  });

  it('drift elsewhere between plan and merge stops nothing, and is left alone', async () => {
    const scene = await openFlow();
    await scene.plan();
    scene.merge();
    await scene.apply();
    const { sandbox } = scene.platform;

    scene.rig.write('instances/two.yaml', definitionOf('Two'));
    Object.assign(scene.pull, { state: 'open', merged: false });
    await scene.plan();
    scene.merge();
    sandbox.change(sandbox.instances()[0]?.id ?? 0, { configuration: { username: 'by hand' } });
    const end = await scene.apply();
    expect(names(scene)).toEqual(['One', 'Two']);
    expect(sandbox.instances()[0]?.configuration['username']).toBe('by hand');
    expect(end.summary).toContain('one');
  });
});
