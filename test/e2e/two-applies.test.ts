import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OperationResult } from '../../src/operation/result.ts';
import { type Checkout, type Door, makeDoor, openCheckout, statusesOf } from '../support/checkouts.ts';
import { changesOf, fieldsOf } from '../support/engine.ts';
import type { ReceivedRequest } from '../support/http-server.ts';
import { oneEnvironment, tagsOf } from '../support/managed.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { definitionOf } from '../support/world.ts';
import { describeNextStep, describeReason } from '../../src/report/plan/reason-words.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../.github/decisions/0002-two-applies.md'), 'utf8');
const limits = { maxDelete: 100, maxDeletePercent: 100 };
const one = 'instances/one.yaml';
const renamed = definitionOf('One').replace('username: one', 'username: renamed');

/** Two machines, `ours` and `theirs`, one platform, and a door before it. */
interface Scene {
  readonly platform: TestPlatform;
  readonly door: Door;
  readonly open: (files: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>) => Checkout;
}

async function openScene(): Promise<Scene> {
  const door = makeDoor();
  const platform = await startPlatform({ before: door.before });
  const workspace = { 'connectorctl.yaml': oneEnvironment(platform.origin, { limits }) };
  return { platform, door, open: (files, env = {}) => openCheckout({ ...workspace, ...files }, { env }) };
}

/** A scene in which the definition is applied, with what each of the two machines has of it now. */
async function openApplied(ours: Readonly<Record<string, string>>, theirs: Readonly<Record<string, string>>) {
  const scene = await openScene();
  expect(statusesOf(await scene.open({ [one]: definitionOf('One') }).apply())).toEqual({ one: 'succeeded' });
  const [live] = scene.platform.sandbox.instances();
  if (live === undefined) throw new Error('Nothing was made.');
  return { ...scene, id: live.id, ours: scene.open(ours), theirs: scene.open(theirs) };
}

/** Begins an apply, and answers when the request that fits is held back on its way. */
async function holdUp(door: Door, apply: () => Promise<OperationResult>, fits: (request: ReceivedRequest) => boolean) {
  const reached = door.arm(fits);
  const result = apply();
  await Promise.race([reached, result]);
  return async () => {
    door.open();
    return statusesOf(await result);
  };
}

const isWrite = (method: string) => (request: ReceivedRequest) => request.method === method;
const isLook = ({ method, path: where }: ReceivedRequest): boolean =>
  method === 'GET' && /\/instances\/\d+$/.test(where);

const isFormula = ({ path: where }: ReceivedRequest): boolean => where.endsWith('/formulas/instances');

function idsOf(platform: TestPlatform): readonly string[] {
  return platform.sandbox.instances().map(({ id }) => String(id));
}

/** Follows the first of the commands that the conflict names, and expects that nothing is left to do. */
async function settleDuplicates(checkout: Checkout, platform: TestPlatform, key = 'one'): Promise<void> {
  const ids = idsOf(platform);
  const plan = await checkout.plan();
  const [conflict, ...others] = plan.changes;
  expect(others).toEqual([]);
  expect(conflict).toMatchObject({ key, action: 'conflict' });
  expect(conflict && describeReason(conflict)).toBe(`Instances ${ids.join(' and ')} all have the key ${key}.`);
  const commands = (conflict && describeNextStep(conflict, plan))?.split('\n').slice(1) ?? [];
  expect(commands).toEqual(ids.toReversed().map((id) => `connectorctl apply --env test --delete-duplicate ${id}`));
  const chosen = commands[0]?.split(' ').at(-1) ?? '';
  await checkout.apply({ deleteDuplicate: [chosen] });
  expect(idsOf(platform)).toEqual(ids.filter((id) => id !== chosen));
  await expectEmpty(checkout);
}

/** Applies what the plan names, and expects that nothing is left to do. */
async function settle(checkout: Checkout): Promise<void> {
  await checkout.apply();
  await expectEmpty(checkout);
}

async function expectEmpty(checkout: Checkout): Promise<void> {
  expect((await checkout.plan()).changes).toEqual([]);
}

describe('two applies on two machines, as the decision page has it', () => {
  // Each test is a row of the page, and its name the first cell of it.
  beforeEach(({ task }) => {
    if (!page.includes(`| ${task.name} |`)) throw new Error(`The page has no row "${task.name}".`);
  });

  it('create while a create of the same key is on its way', async () => {
    const { platform, door, open } = await openScene();
    const [ours, theirs] = [open({ [one]: definitionOf('One') }), open({ [one]: definitionOf('One') })];
    const letOurs = await holdUp(door, () => ours.apply(), isWrite('POST'));
    await theirs.apply();
    await letOurs();
    expect(platform.sandbox.instances()).toHaveLength(2);
    await settleDuplicates(theirs, platform);
  });

  it('update after another update was done', async () => {
    const theirs = { [one]: renamed };
    const scene = await openApplied({ [one]: renamed.replace('renamed', 'ours') }, theirs);
    const { platform, door, id, ours } = scene;
    const letOurs = await holdUp(door, () => ours.apply(), isLook);
    await scene.theirs.apply();
    expect(await letOurs()).toEqual({ one: 'moved-since-plan' });
    expect(platform.sandbox.instance(id)?.configuration).toMatchObject({ username: 'renamed' });
    await expectEmpty(scene.theirs);
    expect(fieldsOf(await ours.plan())).toEqual(['one /configuration/username definition']);
    await settle(ours);
  });

  it('update while another update is on its way, same value', async () => {
    const scene = await openApplied({ [one]: renamed.replace('renamed', 'ours') }, { [one]: renamed });
    const { platform, door, id, ours, theirs } = scene;
    const letOurs = await holdUp(door, () => ours.apply(), isWrite('PATCH'));
    await theirs.apply();
    await letOurs();
    expect(platform.sandbox.instance(id)?.configuration).toMatchObject({ username: 'ours' });
    await expectEmpty(ours);
    expect(changesOf(await theirs.plan())).toEqual(['update one']);
    await settle(theirs);
  });

  it('update while another update is on its way, other values that can be seen', async () => {
    const tagged = definitionOf('One').replace('name: One', 'name: Uno');
    const { platform, door, id, ours, theirs } = await openApplied({ [one]: tagged }, { [one]: renamed });
    const letOurs = await holdUp(door, () => ours.apply(), isWrite('PATCH'));
    await theirs.apply();
    await letOurs();
    expect(platform.sandbox.instance(id)).toMatchObject({ name: 'Uno', configuration: { username: 'renamed' } });
    expect(fieldsOf(await ours.plan())).toEqual(['one /configuration/username drift']);
    expect(changesOf(await theirs.plan())).toEqual(['update one']);
    // Both branches merged: all of it is there.
    theirs.rig.write(one, tagged.replace('username: one', 'username: renamed'));
    await expectEmpty(theirs);
  });

  it('update while another update is on its way, a secret that cannot be seen', async () => {
    const { platform, door, id, ours, open } = await openApplied({ [one]: renamed }, {});
    const theirs = open({ [one]: definitionOf('One') }, { CONNECTORCTL_SECRET_PASSWORD: 'r0tated' });
    const letOurs = await holdUp(door, () => ours.apply(), isWrite('PATCH'));
    await theirs.apply();
    await letOurs();
    expect(platform.sandbox.instance(id)?.configuration).toEqual(
      expect.objectContaining({ username: 'renamed', password: 'r0tated' }),
    );
    // Whoever has the secret that stands there sends it once more; whoever has the former one sees nothing.
    expect(fieldsOf(await theirs.plan())).toContain('one /configuration/password secret');
    await expectEmpty(ours);
    expect(fieldsOf(await ours.plan({ resend: ['one'] }))).toEqual(['one /configuration/password definition']);
    await ours.apply({ resend: ['one'] });
    expect(platform.sandbox.instance(id)?.configuration).toMatchObject({ password: 'pa55 word' });
    await settle(theirs);
  });

  it('update of a secret after another update was done', async () => {
    const { platform, door, id, ours, open } = await openApplied({ [one]: renamed }, {});
    const theirs = open({ [one]: definitionOf('One') }, { CONNECTORCTL_SECRET_PASSWORD: 'r0tated' });
    const letOurs = await holdUp(door, () => ours.apply(), isLook);
    await theirs.apply();
    expect(await letOurs()).toEqual({ one: 'moved-since-plan' });
    expect(platform.sandbox.instance(id)?.configuration).toMatchObject({ username: 'one', password: 'r0tated' });
    expect(fieldsOf(await ours.plan())).toContain('one /configuration/password secret');
    await settle(ours);
  });

  it('update while a move is on its way', async () => {
    const moved = { 'instances/uno.yaml': definitionOf('One') };
    const { platform, door, id, ours, theirs } = await openApplied(moved, { [one]: renamed });
    const letOurs = await holdUp(door, () => ours.apply(), isWrite('PATCH'));
    await theirs.apply();
    await letOurs();
    const { tags, configuration } = platform.sandbox.instance(id) ?? {};
    expect(tags).toEqual(expect.arrayContaining([...tagsOf('uno')]));
    expect(configuration).toMatchObject({ username: 'renamed' });
    expect(fieldsOf(await ours.plan())).toEqual(['uno /configuration/username drift']);
    expect(changesOf(await theirs.plan())).toEqual(['move one']);
    await settle(ours);
  });

  it('move while an update is on its way', async () => {
    const moved = { 'instances/uno.yaml': definitionOf('One') };
    const { platform, door, id, ours, theirs } = await openApplied(moved, { [one]: renamed });
    const letTheirs = await holdUp(door, () => theirs.apply(), isWrite('PATCH'));
    await ours.apply();
    await letTheirs();
    expect(platform.sandbox.instance(id)?.tags).toEqual(expect.arrayContaining([...tagsOf('one')]));
    expect(changesOf(await ours.plan())).toEqual(['move uno']);
    await settle(ours);
    expect(idsOf(platform)).toEqual([String(id)]);
  });

  it('update while a delete is on its way', async () => {
    const other = { 'instances/two.yaml': definitionOf('Two') };
    const { platform, door, ours, theirs } = await openApplied(other, { [one]: renamed });
    const letOurs = await holdUp(door, () => ours.apply({ prune: true }), isWrite('DELETE'));
    expect(statusesOf(await theirs.apply())).toMatchObject({ one: 'succeeded' });
    expect(await letOurs()).toEqual({ two: 'succeeded', one: 'succeeded' });
    expect(platform.sandbox.instances().map(({ name }) => name)).toEqual(['Two']);
    expect(changesOf(await theirs.plan())).toEqual(['create one', 'orphan two']);
  });

  it('delete after an update was done', async () => {
    const other = { 'instances/two.yaml': definitionOf('Two') };
    const { platform, door, id, ours, theirs } = await openApplied(other, { [one]: renamed });
    const letOurs = await holdUp(door, () => ours.apply({ prune: true }), isFormula);
    await theirs.apply();
    expect(await letOurs()).toEqual({ two: 'succeeded', one: 'moved-since-plan' });
    expect(platform.sandbox.instance(id)?.configuration).toMatchObject({ username: 'renamed' });
    expect(changesOf(await ours.plan())).toEqual(['orphan one']);
  });

  it('delete while an update is on its way', async () => {
    const other = { 'instances/two.yaml': definitionOf('Two') };
    const { platform, door, ours, theirs } = await openApplied(other, { [one]: renamed });
    const letTheirs = await holdUp(door, () => theirs.apply(), isWrite('PATCH'));
    await ours.apply({ prune: true });
    expect(Object.values(await letTheirs())).not.toContain('succeeded');
    expect(platform.sandbox.instances().map(({ name }) => name)).toEqual(['Two']);
    expect(changesOf(await theirs.plan())).toEqual(['create one', 'orphan two']);
  });

  it('create while a replace of the same key is on its way', async () => {
    const other = 'connector: freshdeskv2\nname: One\nconfiguration:\n  subdomain: acme\n  username: key\n';
    const { platform, door, id, ours, theirs } = await openApplied({ [one]: other }, { [one]: other });
    const letOurs = await holdUp(door, () => ours.apply({ allowReplace: true }), isWrite('POST'));
    await theirs.apply();
    await letOurs();
    expect(idsOf(platform)).toHaveLength(2);
    expect(idsOf(platform)).not.toContain(String(id));
    await settleDuplicates(theirs, platform);
  });

  it('prune from a branch that does not have the key yet, after the create', async () => {
    const scene = await openScene();
    const ours = scene.open({ 'instances/two.yaml': definitionOf('Two') });
    const theirs = scene.open({ [one]: definitionOf('One'), 'instances/two.yaml': definitionOf('Two') });
    await theirs.apply();
    expect(changesOf(await ours.plan())).toEqual(['orphan one']);
    await ours.apply({ prune: true });
    expect(changesOf(await theirs.plan())).toEqual(['create one']);
    await settle(theirs);
  });

  it('prune from a branch that does not have the key yet, before the create', async () => {
    const scene = await openApplied({ 'instances/two.yaml': definitionOf('Two') }, {});
    const { platform, door, ours } = scene;
    const theirs = scene.open({
      'instances/three.yaml': definitionOf('Three'),
      'instances/two.yaml': definitionOf('Two'),
    });
    const letOurs = await holdUp(door, () => ours.apply({ prune: true }), isWrite('DELETE'));
    expect(statusesOf(await theirs.apply())).toMatchObject({ three: 'succeeded' });
    await letOurs();
    expect(platform.sandbox.instances().map(({ name }) => name)).toEqual(['Two', 'Three']);
    expect(changesOf(await ours.plan())).toEqual(['orphan three']);
    await expectEmpty(theirs);
  });
});

describe('the decision page', () => {
  it('has no row on the page that no test holds', () => {
    const [, table = ''] = page.split('## The interleavings');
    const rows = table.split('\n').filter((line) => line.startsWith('| '));
    // One of them is the head.
    expect(rows).toHaveLength(14 + 1);
  });
});
