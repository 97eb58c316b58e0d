import { describe, expect, it } from 'vitest';
import { answersInstead, killAtWrite } from '../support/hostile-habits.ts';
import { expectSettled, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

describe('reliability 11: a replace that was killed', () => {
  const other = 'connector: closeio\nname: Ann\nconfiguration:\n  username: ann\n';
  // The old one gives its key away, the new one is made, the old one goes.
  const points = [0, 1, 2].flatMap((write) => (['before', 'after'] as const).map((moment) => ({ write, moment })));

  it.each([true, false].flatMap((prune) => points.map(({ write, moment }) => ({ write, moment, prune }))))(
    'ends in one connection when it is run again: killed $moment write $write, prune $prune',
    async ({ write, moment, prune }) => {
      const settings = { prune, limits: { maxDeletePercent: 100 } };
      const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann') }, settings });
      expect(await world.apply()).toMatchObject({ code: 0 });
      world.rig.write('instances/ann.yaml', other);
      const again = world.checkout({ 'instances/ann.yaml': other });

      const kill = killAtWrite(write, moment);
      world.platform.set(kill.habit);
      const killed = world.apply({ allowReplace: true }).catch(() => {});
      await Promise.race([kill.happened, killed]);
      world.platform.set();
      await again.apply({ allowReplace: true });
      expect(world.platform.sandbox.instances().map(({ connector, name }) => `${connector} ${name}`)).toEqual([
        'closeio Ann',
      ]);
      await expectSettled(again);
    },
  );

  it('ends with the limits and options of every other apply, when it is killed twice', async () => {
    const settings = { prune: false };
    const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann') }, settings });
    expect(await world.apply()).toMatchObject({ code: 0 });
    world.rig.write('instances/ann.yaml', other);
    const killAt = async (write: number, allowReplace: boolean): Promise<void> => {
      const seat = world.checkout({ 'instances/ann.yaml': other });
      const kill = killAtWrite(write, 'after');
      world.platform.set(kill.habit);
      await Promise.race([kill.happened, seat.apply({ allowReplace }).catch(() => {})]);
      world.platform.set();
    };
    await killAt(0, true);
    await killAt(0, false);
    const last = world.checkout({ 'instances/ann.yaml': other });
    expect(await last.apply()).toMatchObject({ code: 0, changes: ['delete ann~replaced', 'remember ann'] });
    expect(world.platform.sandbox.instances().map(({ connector }) => connector)).toEqual(['closeio']);
    await expectSettled(last);
  });

  it('keeps the old connection as long as the new one cannot be made', async () => {
    const settings = { prune: true, limits: { maxDeletePercent: 100 } };
    const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann') }, settings });
    expect(await world.apply()).toMatchObject({ code: 0 });
    world.rig.write('instances/ann.yaml', other);
    const refused = answersInstead(
      { status: 400, json: { message: 'Missing entry: key', requestId: 'r-1' } },
      ({ method }) => method === 'POST',
      2,
    );
    world.platform.set(refused);
    expect(await world.apply({ allowReplace: true })).toMatchObject({ code: 1 });
    expect(await world.apply()).toMatchObject({
      code: 1,
      changes: ['delete ann~replaced', 'create ann'],
      statuses: { 'ann~replaced': 'successor-not-made' },
    });
    expect(world.platform.sandbox.instances().map(({ connector }) => connector)).toEqual(['actessentials']);
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.platform.sandbox.instances().map(({ connector }) => connector)).toEqual(['closeio']);
    await expectSettled(world);
  });
});
