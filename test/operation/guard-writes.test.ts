import { expect, it } from 'vitest';
import type { CreateRequest } from '../../src/model/work.ts';
import { guardWrites } from '../../src/operation/guard-writes.ts';
import { memoryWriter } from '../support/writer.ts';

const ours = 'connectorctl/acme/test';
const request: CreateRequest = {
  connector: 'sharefile',
  name: 'Ann',
  tags: [ours],
  configuration: new Map(),
  providerData: new Map(),
};

const forget = (): void => {};

/** A guard over a platform whose creates take a while, and how often it looked at an instance. */
function aGuard({ createTakes }: { readonly createTakes: number }) {
  const clock = { now: 0, looks: 0 };
  const memory = memoryWriter({
    onCreate: () => {
      clock.now += createTakes;
    },
  });
  const writer = {
    ...memory,
    readInstance: async (id: string) => {
      clock.looks += 1;
      return memory.readInstance(id);
    },
  };
  const guarded = guardWrites(writer, {
    planned: [],
    recent: { made: forget, deleted: forget, owned: forget, close: forget },
    ports: {
      now: () => clock.now,
      sleep: async (milliseconds) => {
        clock.now += milliseconds;
      },
    },
  });
  const changeElsewhere = (id: string): void => {
    const live = memory.instances.get(id);
    if (live !== undefined) memory.instances.set(id, { ...live, tags: [...live.tags, `${ours}/else`] });
  };
  return { guarded, clock, changeElsewhere };
}

it('takes the answer to a create for the look before the write that follows at once, and for no other', async () => {
  const { guarded, clock, changeElsewhere } = aGuard({ createTakes: 300 });
  const { id } = await guarded.createInstance(request);
  await guarded.updateInstance(id, { tags: [ours] });
  expect(clock.looks).toBe(0);
  changeElsewhere(id);
  await expect(guarded.updateInstance(id, { tags: [ours] })).rejects.toMatchObject({ code: 'moved-since-plan' });
});

it.each([
  ['the create took long', 1_001, 0],
  ['time went by since', 300, 1_000],
])('looks before it writes when %s', async (_, createTakes, passes) => {
  const { guarded, clock, changeElsewhere } = aGuard({ createTakes });
  const { id } = await guarded.createInstance(request);
  clock.now += passes;
  changeElsewhere(id);
  await expect(guarded.updateInstance(id, { tags: [ours] })).rejects.toMatchObject({ code: 'moved-since-plan' });
});
