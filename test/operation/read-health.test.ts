import { describe, expect, it } from 'vitest';
import type { HabitMaker } from '../support/hostile-platform.ts';
import { answersInstead } from '../support/hostile-habits.ts';
import { type Did, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { openManaged } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

const files = { 'ann.yaml': definitionOf('Ann'), 'ben.yaml': definitionOf('Ben') };

const polling = `${definitionOf('Ann')}  event.notification.enabled: true
  event.vendor.type: polling
  event.poller.refresh_interval: 15
  event.notification.callback.url: https://app.example.com/events
`;

/** How the platform answers which polling jobs it switched off. */
function polls(json: unknown, status = 200): HabitMaker {
  const answer = { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) };
  return answersInstead(answer, ({ path }) => path.endsWith('/instances/polling-disabled'), Infinity);
}

function idOf({ platform }: HostileWorld, name: string): number {
  return platform.sandbox.instances().find((one) => one.name === name)?.id ?? 0;
}

function notesOf({ result }: Did): readonly string[] {
  const changes = 'plan' in result ? result.plan.changes : [];
  return changes.flatMap(({ key, notes }) => notes.map(({ code }) => `${key} ${code}`));
}

describe('facts F5: a polling job that the platform switched off', () => {
  it.each([
    ['instances', (id: number) => [{ id, name: 'Ann' }]],
    ['jobs', (id: number) => [{ id: 'job-1', elementInstanceId: id }]],
    ['ids', (id: number) => [id]],
  ])('counts for drift and plan, where the answer is a list of %s', async (_, answerOf) => {
    const world = await openHostile({ files: { ...files, 'ann.yaml': polling } });
    await world.apply();
    const id = idOf(world, 'Ann');
    world.platform.set(polls(answerOf(id)));
    for (const did of [await world.drift(), await world.plan()]) {
      expect(did.code).toBe(2);
      expect(notesOf(did)).toEqual(['ann polling-stopped']);
    }
    world.platform.set(polls(answerOf(id + 1000)));
    expect(await world.drift()).toMatchObject({ code: 0 });
  });

  it.each([
    ['refuses', polls({ message: 'Forbidden' }, 403), true],
    ['does not know the address', polls({ message: 'No such instance' }, 404), false],
    ['fails', polls({ message: 'Oops' }, 500), true],
    ['answers with something else', polls({ a: [{ id: 1 }] }), true],
  ])('is not found where the platform %s, which is told where it has such a list', async (_, habit, isTold) => {
    const world = await openHostile({ files: { 'ann.yaml': polling } });
    await world.apply();
    world.platform.set(habit);
    const drifted = await world.drift();
    expect(drifted).toMatchObject({ code: 0 });
    expect(drifted.told.includes('It is not known whether the platform has stopped polling')).toBe(isTold);
    expect(await world.plan()).toMatchObject({ code: 0, changes: [] });
  });

  it('is asked about only where something polls, and not by an apply', async () => {
    const world = await openHostile({ files });
    await world.apply();
    await world.plan();
    await world.drift();
    world.rig.write('instances/ann.yaml', polling);
    await world.apply();
    expect(world.platform.requests.map(({ path }) => path)).not.toContainEqual(expect.stringContaining('polling-dis'));
  });
});

const isPing = ({ path }: { readonly path: string }) => path.endsWith('/ping');

describe('users F3: a provider that does not answer through an unchanged instance', () => {
  it('is found with --ping alone, counts for drift and plan, and makes no change another one', async () => {
    const world = await openHostile({ files });
    await world.apply();
    const before = await world.drift();
    const pings = () => world.platform.requests.filter(isPing).length;
    const asked = pings();
    world.platform.set(
      answersInstead(
        { status: 400, json: { message: 'refused the call', requestId: 'r-9' } },
        ({ path, headers }) => isPing({ path }) && headers.authorization?.includes('Element') === true,
        1,
      ),
    );
    const did = await world.drift({ ping: true });
    expect(pings() - asked).toBe(2);
    expect(before.code).toBe(0);
    expect(did.code).toBe(2);
    expect(notesOf(did)).toHaveLength(1);
    expect(did.said).toContain('refused the call');
    world.platform.set();
    expect(await world.plan({ ping: true })).toMatchObject({ code: 0 });
  });

  it('is asked with the token of each, not of those that change, are off, or are left out', async () => {
    const world = await openHostile({
      files: { ...files, 'cid.yaml': definitionOf('Cid'), 'dee.yaml': definitionOf('Dee') },
    });
    await world.apply();
    world.platform.sandbox.change(idOf(world, 'Ben'), { disabled: true });
    world.rig.write('instances/cid.yaml', definitionOf('Cid').replace('username: cid', 'username: other'));
    const before = world.platform.requests.length;
    await world.plan({ ping: true, exclude: ['dee'] });
    const asked = world.platform.requests.slice(before).filter(isPing);
    const { token } = world.platform.sandbox.instance(idOf(world, 'Ann')) ?? {};
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([expect.stringContaining(String(token))]);
  });

  it('takes no other one hostage when nothing comes back', async () => {
    const world = await openHostile({ files });
    await world.apply();
    world.platform.set(answersInstead({ raw: 'garbage' }, isPing, Infinity));
    const did = await world.drift({ ping: true });
    expect(did.code).toBe(2);
    expect(notesOf(did)).toEqual(['ann ping-failed', 'ben ping-failed']);
  });

  it.each(['text', 'json', 'markdown', 'github'])('ends with exit 2 in the format %s, and names it', async (format) => {
    const world = await openManaged();
    await world.apply();
    world.platform.sandbox.change(world.live('One').id, { valid: false });
    const { code, said } = await world.run(['drift', '--ping', '--format', format]);
    expect(code).toBe(2);
    expect(said).toContain('one');
  });
});
