import { expect } from 'vitest';
import { openWorld, type World } from '../support/world.ts';
import type { Ended } from '../support/rig.ts';
import type { Situation } from './situations.ts';

/** Brings a situation about and runs its command in it. Fails the test when a command that only reads sends anything but a read. */
export async function meet(situation: Situation, more: readonly string[]): Promise<Ended & { readonly world: World }> {
  const { words, env = {}, strangers = [], ...options } = situation;
  const world = await openWorld(options);
  for (const name of strangers) {
    const configuration = { username: 'theirs', password: 'theirs' };
    world.platform.sandbox.seed({ connector: 'actessentials', name, configuration });
  }
  const set = Object.entries({ ...world.env, ...env }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const [command = '', ...rest] = words;
  // Behind the command: at the end it would be the value of an `--env` that has none.
  const ended = await world.rig.run([command, ...more, ...rest], { env: Object.fromEntries(set) });
  if (command !== 'apply') expect(world.platform.writes()).toEqual([]);
  return { ...ended, world };
}
