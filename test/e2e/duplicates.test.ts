import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checkout, openCheckout, statusesOf } from '../support/checkouts.ts';
import { changesOf } from '../support/engine.ts';
import { oneEnvironment } from '../support/managed.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { commandsAbout, completeHint } from '../../src/report/next-step.ts';
import { definitionOf } from '../support/world.ts';

const limits = { maxDelete: 100, maxDeletePercent: 100 };
const file = 'plan.json';

interface Twins {
  readonly platform: TestPlatform;
  readonly checkout: Checkout;
  readonly first: string;
  readonly second: string;
}

/** Two definitions, and two live instances of the first one. */
async function openTwins(settings: object = { limits }): Promise<Twins> {
  const platform = await startPlatform();
  const checkout = openCheckout({
    'connectorctl.yaml': oneEnvironment(platform.origin, settings),
    'instances/one.yaml': definitionOf('One'),
    'instances/two.yaml': definitionOf('Two'),
  });
  await checkout.apply();
  const one = platform.sandbox.instances().find(({ name }) => name === 'One');
  if (one === undefined) throw new Error('Nothing was made.');
  // While nobody could see the first one, it was made again.
  platform.sandbox.change(one.id, { name: 'Out of sight', tags: [] });
  await checkout.apply();
  platform.sandbox.change(one.id, { name: one.name, tags: one.tags });
  const copy = platform.sandbox.instances().find(({ id, name }) => name === 'One' && id !== one.id);
  return { platform, checkout, first: String(one.id), second: String(copy?.id) };
}

const idsOf = ({ platform }: Twins): readonly string[] =>
  platform.sandbox
    .instances()
    .filter(({ name }) => name === 'One')
    .map(({ id }) => String(id));

describe('--delete-duplicate', () => {
  it.each(['first', 'second'] as const)(
    'deletes the %s alone, keeps a copy, and nothing is left to do',
    async (which) => {
      const twins = await openTwins();
      const { checkout, platform } = twins;
      const [gone, kept] = which === 'first' ? [twins.first, twins.second] : [twins.second, twins.first];
      checkout.rig.write('instances/two.yaml', definitionOf('Two').replace('username: two', 'username: changed'));
      const planned = await checkout.plan({ deleteDuplicate: [gone] });
      expect(changesOf(planned)).toEqual([`delete one~duplicate-${gone}`, 'update two']);
      const before = platform.writes().length;

      const result = await checkout.apply({ deleteDuplicate: [gone] });
      expect(statusesOf(result)).toEqual({ [`one~duplicate-${gone}`]: 'succeeded', two: 'succeeded' });
      expect(platform.writes().slice(before)).toEqual([
        expect.stringMatching(/^PATCH/),
        `DELETE /elements/api-v2/instances/${gone}`,
      ]);
      expect(idsOf(twins)).toEqual([kept]);
      expect(existsSync(path.join(checkout.rig.directory, `.connectorctl/deleted/test/${gone}.yaml`))).toBe(true);
      expect((await checkout.plan()).changes).toEqual([]);
    },
  );

  it('refuses what is no duplicate, and all of them, before anything is sent', async () => {
    const twins = await openTwins();
    const { checkout, platform, first, second } = twins;
    const two = String(platform.sandbox.instances().find(({ name }) => name === 'Two')?.id);
    const before = platform.writes().length;
    const cases = [
      [['99999'], 'There is no instance 99999.'],
      [[two], `Instance ${two} is the only one with the key two.`],
      [[first, second], `Instances ${first} and ${second} are all that have the key one; one has to stay.`],
    ] as const;
    for (const [deleteDuplicate, message] of cases) {
      const refusal = { code: 'not-a-duplicate', kind: 'refused', message: expect.stringContaining(message) };
      await expect(checkout.plan({ deleteDuplicate })).rejects.toMatchObject(refusal);
      await expect(checkout.apply({ deleteDuplicate: [...deleteDuplicate, first] })).rejects.toMatchObject({
        code: 'not-a-duplicate',
      });
    }
    expect(platform.writes()).toHaveLength(before);
  });

  it('is part of a saved plan, which never prunes because of it, and refuses by name what moved since', async () => {
    const twins = await openTwins({ limits, prune: false });
    const { checkout, platform, first, second } = twins;
    const planFile = path.join(checkout.rig.directory, file);
    checkout.rig.write('instances/two.yaml', definitionOf('Else'));
    await checkout.plan({ deleteDuplicate: [second], out: planFile });
    checkout.rig.write('instances/two.yaml', '');
    expect(statusesOf(await checkout.apply({ planFile }))).toEqual({
      [`one~duplicate-${second}`]: 'succeeded',
      two: 'stale-plan',
    });
    expect(idsOf(twins)).toEqual([first]);
    expect(platform.sandbox.instances()).toHaveLength(2);

    const again = statusesOf(await checkout.apply({ planFile }));
    expect(again).toMatchObject({ [`one~duplicate-${second}`]: 'stale-plan' });
    expect(idsOf(twins)).toEqual([first]);
  });

  it('is refused by name in a saved plan when another one would stay', async () => {
    const twins = await openTwins();
    const { checkout, platform, first, second } = twins;
    const planFile = path.join(checkout.rig.directory, file);
    await checkout.plan({ deleteDuplicate: [second], out: planFile });
    const { tags = [] } = platform.sandbox.instance(Number(first)) ?? {};
    const configuration = { username: 'one', password: 'pa55 word' };
    const third = platform.sandbox.seed({ connector: 'actessentials', name: 'One', tags, configuration });
    platform.sandbox.change(Number(first), { tags: [] });
    expect(statusesOf(await checkout.apply({ planFile }))).toMatchObject({ [`one~duplicate-${second}`]: 'stale-plan' });
    expect(idsOf(twins)).toEqual([first, second, String(third.id)]);
  });

  it('obeys the limits, and a formula instance that uses it keeps it', async () => {
    const twins = await openTwins({ limits: { maxDeletePercent: 30 } });
    const { checkout, platform, second } = twins;
    const refused = await checkout.apply({ deleteDuplicate: [second] });
    expect(refused).toMatchObject({
      kind: 'declined',
      message: expect.stringContaining('maxDeletePercent allows 30 %'),
    });
    if (refused.kind !== 'declined') throw new Error('not declined');
    expect(completeHint(refused.hint, commandsAbout(refused.plan))).toContain(
      `apply --env test --delete-duplicate ${second} --allow-limits`,
    );

    const configuration = { 'element.instance.id': second };
    const formula = { id: 77, name: 'Sync', formulaId: 7, formulaName: 'Sync', active: true, configuration };
    platform.sandbox.seedFormulaInstance(formula);
    const { digest } = await checkout.plan({ deleteDuplicate: [second] });
    const result = await checkout.apply({ deleteDuplicate: [second], allowLimits: digest });
    expect(statusesOf(result)).toEqual({ [`one~duplicate-${second}`]: 'instance-in-use' });
    expect(idsOf(twins)).toHaveLength(2);
  });
});
