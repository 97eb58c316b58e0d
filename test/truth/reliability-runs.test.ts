import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDuplicates } from '../support/duplicates.ts';
import { commitsLate } from '../support/hostile-habits.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

/** Gives values to all secrets that an import made references to. */
async function importAll(world: HostileWorld): Promise<Awaited<ReturnType<HostileWorld['importAll']>>> {
  const did = await world.importAll({ withSecrets: true });
  const { result } = did;
  const secrets = result.kind === 'imported' ? result.definitions.flatMap((one) => one.secrets) : [];
  for (const name of secrets) world.env[`CONNECTORCTL_SECRET_${name}`] = `value of ${name}`;
  return did;
}

const sameName = { connector: 'actessentials', name: 'API Instance', configuration: { username: 'x', password: 'y' } };

describe('reliability 12: instances of one connector and name', () => {
  it('are imported into a workspace that is valid, and adopted one by one', async () => {
    const world = await openHostile({ files: {} });
    for (const username of ['a', 'b', 'c']) {
      world.platform.sandbox.seed({ ...sameName, configuration: { username, password: 'y' } });
    }
    const before = world.platform.sandbox
      .instances()
      .map(({ id, configuration }) => `${id} ${configuration['username']}`);
    expect(await importAll(world)).toMatchObject({ code: 0 });
    const { changes } = await world.plan();
    expect(changes.map((change) => change.split(' ')[0])).toEqual(['adopt', 'adopt', 'adopt']);
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(
      world.platform.sandbox.instances().map(({ id, configuration }) => `${id} ${configuration['username']}`),
    ).toEqual(before);
    await expectSettled(world);
  });
});

describe('reliability 13: an import that is run again', () => {
  it('goes on past definitions that wait for their secrets', async () => {
    const world = await openHostile({ files: {} });
    world.platform.sandbox.seed({ ...sameName, name: 'First' });
    expect(await world.importAll({ withSecrets: true })).toMatchObject({ code: 0 });
    const { id } = world.platform.sandbox.seed({ ...sameName, name: 'Second' });
    const again = await world.importAll();
    const { result } = again;
    expect(again.code).toBe(0);
    const written = result.kind === 'imported' ? result.definitions.filter(({ status }) => status === 'written') : [];
    expect(written.map((one) => one.id)).toEqual([String(id)]);
  });
});

describe('reliability 18: a clock that jumps', () => {
  it('makes no second POST after a kill in the middle of the first one', async () => {
    const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann') } });
    const late = commitsLate(4_000);
    world.platform.set(late.habit);
    const killed = world.apply().catch(() => {});
    await Promise.race([late.happened, killed]);
    rmSync(path.join(world.rig.directory, '.connectorctl/apply-test.lock'), { force: true });

    // The mark that the killed apply left has the true time of day; this one is an hour later.
    world.platform.clock.setAhead(Date.now() - world.platform.clock.date().getTime() + 3_600_000);
    await world.apply();
    await late.commit();
    expect(findDuplicates(world.platform.sandbox)).toEqual([]);
    expect(world.names()).toEqual(['Ann']);
    await world.apply();
    await expectSettled(world);
  });
});
