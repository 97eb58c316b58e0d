import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDuplicates } from '../support/duplicates.ts';
import { commitsLate } from '../support/hostile-habits.ts';
import { expectSettled, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

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
