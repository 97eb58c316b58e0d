import path from 'node:path';
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findLeaks } from '../support/leaks.ts';
import { type Managed, oneEnvironment, openManaged } from '../support/managed.ts';
import { startPlatform } from '../support/platform.ts';
import { definitionOf } from '../support/world.ts';

const instances = '/elements/api-v2/instances';
const file = 'plan.json';

/** A world in which all is applied, and then a value of each of the three definitions was changed. */
async function openChanged(): Promise<Managed> {
  const world = await openManaged({ settings: { limits: { maxDelete: 100, maxDeletePercent: 100 } } });
  await world.apply();
  for (const name of ['One', 'Two', 'Three']) rename(world, name, `new ${name}`);
  return world;
}

function rename({ rig }: Managed, name: string, username: string): void {
  rig.write(
    `instances/${name.toLowerCase()}.yaml`,
    definitionOf(name).replace(/username: .*/, `username: ${username}`),
  );
}

/** Writes the plan file, and answers the command that the plan names as the next one. */
async function review(world: Managed, ...words: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await world.run(['plan', '--out', file, ...words]);
  expect([0, 6]).toContain(code);
  expect([`connectorctl apply ${file} --env test`, 'nothing to apply', undefined]).toContain(nextIn(stdout));
  return nextIn((await world.run(['plan', ...words])).stdout);
}

function nextIn(text: string): string | undefined {
  return /^Next: (.*)$/m.exec(text)?.[1];
}

/** What became of each key. */
async function applyReviewed(world: Managed, env?: Readonly<Record<string, string>>) {
  const { exitCode, result, sent } = await world.json(['apply', file, '--yes'], env);
  const outcomes = result.outcomes.map(({ key, status, failure }) => [key, failure?.code ?? status]);
  const refusals = result.outcomes.flatMap(({ failure }) => failure?.message ?? []);
  return { exitCode, outcomes: Object.fromEntries(outcomes), refusals, sent };
}

describe('apply FILE', () => {
  it('sends whoever cannot use it to the environment that it was made for', async () => {
    const world = await openManaged();
    const { rig } = world;
    const other = (name: string) => rig.read('connectorctl.yaml').replace('"defaultEnvironment":"test"', name);
    expect(await world.run(['plan', '--withhold-secrets', '--out', file])).toMatchObject({ code: 0 });
    rig.write(
      'connectorctl.yaml',
      other('"defaultEnvironment":"dev"').replace('{"test":', '{"dev":{"platform":"sandbox"},"test":'),
    );
    const next = 'connectorctl plan --env test --out FILE';
    expect((await world.run(['apply', file, '--yes'])).said).toContain(next);

    expect(await world.run(['plan', '--env', 'test', '--out', file])).toMatchObject({ code: 0 });
    expect((await world.run(['apply', file, '--only', 'one'])).said).toContain(
      'connectorctl plan --env test --only one --out FILE',
    );
    rig.write(file, rig.read(file).replace(/"toolVersion": "[^"]*"/, '"toolVersion": "0.0.1"'));
    expect(await world.run(['apply', file, '--yes'])).toMatchObject({ code: 6, said: expect.stringContaining(next) });
    expect(await world.json(['apply', file, '--yes'])).toMatchObject({
      error: { hint: expect.stringContaining(next) },
    });
  });

  it('carries out what was reviewed; the file holds no secret', async () => {
    const world = await openChanged();
    const rotated = { CONNECTORCTL_SECRET_PASSWORD: 'r0tated + s3cret/word' };
    const planned = await world.run(['plan', '--out', file], rotated);
    expect(planned).toMatchObject({ code: 0, sent: [] });
    const { CONNECTORCTL_ALLOWED_HOSTS: _, ...given } = world.env;
    const secrets = { ...given, ...rotated, old: world.env['CONNECTORCTL_SECRET_PASSWORD'] ?? '' };
    expect(findLeaks(world.rig.read(file), secrets)).toEqual([]);
    expect(JSON.parse(world.rig.read(file))).toMatchObject({
      formatVersion: '1.0',
      environment: 'test',
      target: { baseUrl: expect.stringContaining(world.platform.origin) },
      changes: Array.from({ length: 3 }, () => ({
        fields: expect.arrayContaining([expect.objectContaining({ field: '/configuration/password', secret: true })]),
      })),
    });
    const { code, stdout, sent } = await world.run(['apply', file, '--yes'], rotated);
    expect(code).toBe(0);
    expect(stdout).toContain('Applied: 3 updated.');
    expect(sent).toHaveLength(3);
    await world.expectSettled(rotated);

    // Carried out once more, it finds that there is nothing to do any more, and says so.
    const again = await applyReviewed(world, rotated);
    expect(again).toMatchObject({ exitCode: 6, sent: [] });
    expect(again.refusals[0]).toBe('It was to be updated, and there is nothing to do for it now.');
  });

  it('refuses by name what moved on the platform or in the definitions, and does the rest', async () => {
    const world = await openChanged();
    await review(world);
    world.platform.sandbox.change(world.live('One').id, { configuration: { username: 'somebody' } });
    rename(world, 'Two', 'another');
    world.rig.write('instances/four.yaml', definitionOf('Four'));

    const text = await world.run(['apply', file, '--yes', '--format', 'markdown']);
    expect(text.code).toBe(6);
    expect(text.sent.map(({ line }) => line)).toEqual([`PATCH ${instances}/${world.live('Three').id}`]);
    const { exitCode, outcomes, refusals, sent } = await applyReviewed(world);
    expect({ exitCode, sent }).toEqual({ exitCode: 6, sent: [] });
    expect(outcomes).toEqual({ one: 'stale-plan', two: 'stale-plan', three: 'stale-plan', four: 'stale-plan' });
    expect(refusals.toSorted()).toEqual([
      'It was to be updated, and there is nothing to do for it now.',
      'It would be created, which was not reviewed.',
      'Since the review: username in the definition is "another", not "new Two".',
      'Since the review: username on the platform is "somebody", not "one"; the cause of username is conflict, not definition.',
    ]);
    expect(text.said).toContain('username on the platform is');
    expect(world.platform.sandbox.instances().map(({ name }) => name)).not.toContain('Four');
  });

  it('refuses what a rotated secret made another change, without showing it', async () => {
    const world = await openChanged();
    await review(world);
    const rotated = { CONNECTORCTL_SECRET_PASSWORD: 'r0tated' };
    const { code, stdout, said, sent } = await world.run(['apply', file, '--yes'], rotated);
    expect({ code, sent }).toEqual({ code: 6, sent: [] });
    expect(stdout).toMatch(/^! update refused {2}one /m);
    expect(said).toContain('password was added');
    expect(said).toContain(
      `It was not changed. Plan again and have the new plan reviewed: connectorctl plan --env test --out ${file}`,
    );
    expect(said).not.toContain('r0tated');

    // Rotated again after a review that knew of a rotation: nothing that is shown differs.
    expect((await world.run(['plan', '--out', file], rotated)).code).toBe(0);
    const other = await applyReviewed(world, { CONNECTORCTL_SECRET_PASSWORD: 'r0tated again' });
    expect(other).toMatchObject({ exitCode: 6, sent: [] });
    expect(new Set(other.refusals)).toEqual(
      new Set(['A value that the plan does not show is not the one that was reviewed.']),
    );
  });

  it('knows how the plan was made: --only, --prune, --allow-replace, --resend', async () => {
    const world = await openChanged();
    // Without a file, the command that the plan names does the same and no more.
    const next = 'connectorctl apply --env test';
    expect(await review(world, '--only', 'two')).toBe(`${next} --only two`);
    expect((await applyReviewed(world)).outcomes).toEqual({ two: 'succeeded' });

    const { id } = world.live('One');
    rmSync(path.join(world.rig.directory, 'instances/one.yaml'));
    await review(world);
    expect((await applyReviewed(world)).outcomes).toEqual({ one: 'prune-off', three: 'succeeded' });
    expect(world.live('One').id).toBe(id);
    expect(await review(world, '--prune')).toBe(`${next} --prune`);
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 0, outcomes: { one: 'succeeded' } });

    world.rig.write('instances/two.yaml', definitionOf('Two').replace('actessentials', 'jira'));
    await review(world);
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 6, outcomes: {}, sent: [] });
    expect(await review(world, '--allow-replace')).toBe(`${next} --allow-replace`);
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 0, outcomes: { two: 'succeeded' } });

    const { tags, id: three } = world.live('Three');
    world.platform.sandbox.change(three, { tags: tags.filter((tag) => !tag.startsWith('connectorctl-applied/')) });
    expect(await review(world, '--resend', 'three')).toBe(`${next} --resend three`);
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 0, outcomes: { three: 'succeeded' } });
    await world.expectSettled();
  });

  it('applies exactly what was planned without what was excluded', async () => {
    const world = await openChanged();
    const next = 'connectorctl apply --env test';
    expect(await review(world, '--exclude', 'two')).toBe(`${next} --exclude two`);
    expect(await applyReviewed(world)).toMatchObject({
      exitCode: 0,
      outcomes: { one: 'succeeded', three: 'succeeded' },
    });

    // Patterns are quoted for the shell, and mean the same when they come back from the plan.
    rename(world, 'One', 'newest One');
    expect(await review(world, '--only', 't*', 'one', '--exclude', 'o?e')).toBe(
      `${next} --only one 't*' --exclude 'o?e'`,
    );
    expect(JSON.parse(world.rig.read(file))).toMatchObject({ only: ['one', 't*'], exclude: ['o?e'] });
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 0, outcomes: { two: 'succeeded' } });

    // An orphan with an excluded key survives --prune, in the plan and in the apply of it.
    rmSync(path.join(world.rig.directory, 'instances/one.yaml'));
    rmSync(path.join(world.rig.directory, 'instances/two.yaml'));
    expect(await review(world, '--prune', '--exclude', 'on*')).toBe(`${next} --prune --exclude 'on*'`);
    const { id } = world.live('One');
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 0, outcomes: { two: 'succeeded' } });
    expect(world.live('One').id).toBe(id);
  });

  it('refuses options beside the plan, which says itself what it is about', async () => {
    const world = await openChanged();
    await review(world, '--only', 'two');
    const { code, stderr, sent } = await world.run(['apply', file, '--yes', '--exclude', 'two', '--prune']);
    expect({ code, sent }).toEqual({ code: 3, sent: [] });
    expect(stderr).toContain('--exclude and --prune cannot be combined with a plan file.');
  });

  it('deletes nothing that was not reviewed', async () => {
    const world = await openChanged();
    await review(world, '--prune');
    rmSync(path.join(world.rig.directory, 'instances/one.yaml'));
    const { exitCode, outcomes, sent } = await applyReviewed(world);
    expect(exitCode).toBe(6);
    expect(outcomes).toEqual({ one: 'stale-plan', two: 'succeeded', three: 'succeeded' });
    expect(sent.map(({ line }) => line.split(' ')[0])).toEqual(['PATCH', 'PATCH']);
  });
});

describe('a plan file from elsewhere', () => {
  const [before, after] = ['a', 'b'].map((digit) => digit.repeat(40));

  it('is refused wholly, and nothing is sent: environment, host, account, version, commit, workspace', async () => {
    const world = await openChanged();
    const { rig, platform } = world;
    rig.write('.git/HEAD', `${before}\n`);
    await review(world);
    const plan: object = JSON.parse(rig.read(file));
    const expectRefused = async (sentence: string, ...words: readonly string[]) => {
      const did = await world.run(['apply', file, '--yes', ...words]);
      expect(did).toMatchObject({ code: 6, sent: [], stdout: '' });
      expect(did.said).toContain(`The plan file cannot be applied here. ${sentence}`);
      expect(did.said).toContain('Nothing was sent.');
    };

    rig.write('.git/HEAD', `${after}\n`);
    await expectRefused(`The plan was made for commit ${before}, not ${after}.`);
    rig.write('.git/HEAD', `${before}\n`);

    for (const [changed, sentence] of [
      [{ toolVersion: '0.0.1' }, 'The plan was made for connectorctl version 0.0.1, not'],
      [{ target: { baseUrl: `${platform.origin}/elements/api-v2`, account: 'Else (2)' } }, 'for account Else (2), not'],
      [{ workspace: 'other' }, 'The plan was made for workspace other, not acme.'],
    ] as const) {
      rig.write(file, JSON.stringify({ ...plan, ...changed }));
      const did = await world.run(['apply', file, '--yes']);
      expect(did).toMatchObject({ code: 6, sent: [] });
      expect(did.said).toContain(sentence);
    }
    rig.write(file, JSON.stringify(plan));

    const workspace = rig.read('connectorctl.yaml');
    const two = { test: { baseUrl: platform.origin }, live: { baseUrl: platform.origin } };
    rig.write('connectorctl.yaml', JSON.stringify({ ...JSON.parse(workspace), environments: two }));
    await expectRefused('The plan was made for environment test, not live.', '--env', 'live');

    const elsewhere = await startPlatform();
    rig.write('connectorctl.yaml', oneEnvironment(elsewhere.origin));
    await expectRefused('The plan was made for platform');
    expect(elsewhere.writes()).toEqual([]);

    rig.write('connectorctl.yaml', workspace);
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 0, sent: { length: 3 } });
  });

  it('is turned down when it is damaged or no plan, and nobody is asked', async () => {
    const world = await openChanged();
    await review(world);
    const plan: { readonly changes: readonly object[] } = JSON.parse(world.rig.read(file));
    const reads = world.platform.requests.length;
    const foreign = [
      '',
      world.rig.read(file).slice(0, -20),
      'null',
      '[]',
      '{"version": 4, "resources": []}',
      JSON.stringify({ ...plan, formatVersion: '2.0' }),
      JSON.stringify({ ...plan, changes: [{ key: 'one' }] }),
      JSON.stringify({ ...plan, changes: [null] }),
      JSON.stringify({ ...plan, changes: plan.changes.map((change) => ({ ...change, source: 'one.yaml:1' })) }),
      JSON.stringify({ ...plan, only: 'one' }),
      JSON.stringify({ ...plan, resend: [1] }),
      JSON.stringify({ ...plan, summary: {} }),
    ];
    const all = await Promise.all(
      foreign.map((text, index) => {
        world.rig.write(`${index}.json`, text);
        return world.run(['apply', `${index}.json`, '--yes']);
      }),
    );
    for (const [index, did] of all.entries()) {
      expect([foreign[index], did.code, did.sent]).toEqual([foreign[index], 3, []]);
      expect(did.said).toContain(`${index}.json is not a plan.`);
      expect(did.said).toContain('connectorctl plan --out FILE');
    }
    expect((await world.run(['apply', 'gone.json', '--yes'])).code).toBe(3);
    expect(world.platform.requests).toHaveLength(reads);

    // A digest that was written by hand names no change of ours.
    const forged = plan.changes.map((change) => ({ ...change, digest: '0'.repeat(64) }));
    world.rig.write(file, JSON.stringify({ ...plan, changes: forged }));
    expect(await applyReviewed(world)).toMatchObject({ exitCode: 6, sent: [] });
  });
});
