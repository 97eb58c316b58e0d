import { describe, expect, it } from 'vitest';
import { answers, faulty, ignoresPatch, reads, readsUserTags } from '../support/hostile-habits.ts';
import type { HabitMaker } from '../support/hostile-platform.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { describeFailure } from '../../src/report/result/failure-words.ts';

/** The rest of the family of reliability 5, 6 and 18: what was written and is not there. */
const definition = (
  user = 'Robot',
  { name = 'One', tags = '[Docs, Second]', more = '' } = {},
) => `connector: actessentials
name: ${name}
tags: ${tags}
${more}configuration:
  base.url: https://app.act365.com/act/api
  username: ${user}
  password: \${{ secrets.PASSWORD }}
`;

async function openOne(habits: readonly HabitMaker[] = [], text = definition()): Promise<HostileWorld> {
  const world = await openHostile({ files: { 'one.yaml': text }, habits });
  expect(await world.apply()).toMatchObject({ code: 0 });
  return world;
}

/** Writes of a method lose a part of what they hold before they arrive. */
function loses(
  method: string,
  change: (body: Readonly<Record<string, unknown>>) => unknown,
  header = false,
): HabitMaker {
  return () => ({
    around: async (request, next) => {
      if (request.method !== method || request.body === '') return next(request);
      const body: unknown = JSON.parse(request.body);
      const answer = await next({ ...request, body: JSON.stringify(isJsonObject(body) ? change(body) : body) });
      return header
        ? { ...answer, headers: { ...answer.headers, 'elements-error': 'Missing privilege: pa55 word' } }
        : answer;
    },
  });
}

/** Reads show nothing of what was written since; answers to writes do. */
const staleConfiguration: HabitMaker = () => {
  const first = new Map<unknown, unknown>();
  return {
    show: (row, by) => {
      if (by !== 'write' && !first.has(row['id'])) first.set(row['id'], row['configuration']);
      return by === 'write' ? row : { ...row, configuration: first.get(row['id']) };
    },
  };
};

/** How an apply that is not taken must end: it names the field, and the next plan does it again. */
const stays = { code: 7, status: 'not-taken', isNamed: true, planned: { code: 2, changes: ['update one'] } };

async function applyInVain(world: HostileWorld, field: string, options = {}): Promise<unknown> {
  const { code, statuses, result } = await world.apply(options);
  const { code: planCode, changes } = await world.plan();
  const [outcome] = 'applied' in result ? (result.applied?.outcomes ?? []) : [];
  const isNamed = JSON.stringify(outcome?.failure).includes(`"${field}"`);
  return { code, status: statuses['one'], isNamed, planned: { code: planCode, changes } };
}

describe('what the platform did not take', () => {
  it('is told of a name', async () => {
    const world = await openOne();
    world.platform.set(loses('PATCH', ({ name: _name, ...rest }) => rest));
    world.rig.write('instances/one.yaml', definition('Robot', { name: 'Two' }));
    expect(await applyInVain(world, '/name')).toEqual(stays);
  });

  it('is told of a value that reads alone show as it was', async () => {
    const world = await openOne();
    world.platform.set(staleConfiguration);
    await world.plan();
    world.rig.write('instances/one.yaml', definition('someone'));
    expect(await applyInVain(world, 'username')).toEqual(stays);
  });

  it('is told from the answer where nothing is read back', async () => {
    const world = await openOne();
    world.platform.set(ignoresPatch());
    world.rig.write('instances/one.yaml', definition('someone'));
    expect(await applyInVain(world, 'username', { verify: false })).toEqual(stays);
  });

  it('is told of a change of case, which a platform that keeps it would have taken', async () => {
    const world = await openOne();
    world.platform.set(ignoresPatch());
    world.rig.write('instances/one.yaml', definition('ROBOT'));
    expect(await applyInVain(world, 'username')).toEqual(stays);
  });

  it('is no change of case where the platform is known to make the same of both', async () => {
    const world = await openOne([answers('username', (value) => value.toLowerCase())]);
    world.rig.write('instances/one.yaml', definition('ROBOT'));
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('is told of a switch', async () => {
    const world = await openOne();
    world.platform.set(() => ({
      around: (request, next) =>
        request.path.endsWith('/enabled') ? Promise.resolve({ status: 200, json: {} }) : next(request),
    }));
    world.rig.write('instances/one.yaml', definition('Robot', { more: 'enabled: false\n' }));
    expect(await applyInVain(world, '/enabled')).toEqual(stays);
  });

  it('is told of a value that somebody else changed, and stays drift', async () => {
    const world = await openOne();
    const [one] = world.platform.sandbox.instances();
    world.platform.sandbox.change(one?.id ?? 0, { configuration: { username: 'drifted' } });
    world.platform.set(ignoresPatch());
    expect(await applyInVain(world, 'username')).toEqual(stays);
  });

  it('is told of a tag that should go', async () => {
    const world = await openOne();
    const addsAgain = loses('PATCH', (body) =>
      Array.isArray(body['tags']) ? { ...body, tags: ['Second', ...body['tags']] } : body,
    );
    world.platform.set(addsAgain);
    world.rig.write('instances/one.yaml', definition('Robot', { tags: '[Docs]' }));
    expect(await applyInVain(world, '/tags')).toEqual(stays);
  });

  it('is told by a header of the answer to a create, in words without a secret, and the hidden value is sent again', async () => {
    const habit = loses('POST', (body) => body, true);
    const world = await openHostile({ files: { 'one.yaml': definition() }, habits: [habit] });
    const applied = await world.apply();
    expect(applied).toMatchObject({ code: 7, statuses: { one: 'not-taken' } });
    expect(applied.said).toContain('Missing privilege');
    expect(applied.said).not.toContain('pa55 word');
    expect((await world.plan()).changes).toEqual(['update one']);
    world.platform.set();
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('heals with the next apply that is taken', async () => {
    const world = await openOne();
    world.platform.set(ignoresPatch({ keys: ['password'], header: true }));
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'another';
    expect((await world.apply()).code).toBe(7);
    world.platform.set();
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.platform.sandbox.instances()[0]?.configuration['password']).toBe('another');
    await expectSettled(world);
  });
});

const tagsOf = ({ tags }: Readonly<Record<string, unknown>>): readonly string[] =>
  Array.isArray(tags) ? tags.map(String) : [];

const cutsTags =
  (length: number): HabitMaker =>
  () => ({
    show: (row) => ({ ...row, tags: tagsOf(row).map((tag) => tag.slice(0, length)) }),
  });
const keepsTags =
  (count: number): HabitMaker =>
  () => ({
    show: (row) => ({ ...row, tags: tagsOf(row).slice(0, count) }),
  });

describe('tags that a platform cannot keep', () => {
  it.each([
    ['cuts them', cutsTags(70)],
    ['keeps a few', keepsTags(4)],
  ])('name the limit to set where it %s, and blame nobody', async (_, habit) => {
    const { result } = await (await openHostile({ files: { 'one.yaml': definition() }, habits: [habit] })).apply();
    const failure = 'applied' in result ? result.applied?.outcomes[0]?.failure : undefined;
    expect(failure).toMatchObject({ code: 'read-back-differs' });
    const { hint } = describeFailure(failure ?? { code: '', message: '' }, {});
    expect(hint).toContain('limits.maxTagLength');
    expect(hint).not.toMatch(/someone else/i);
  });

  it.each([
    ['case', 'upper' as const],
    ['HTML', 'html' as const],
  ])('are no loss where only their %s is another', async (_, form) => {
    const world = await openHostile({
      files: { 'one.yaml': definition('Robot', { tags: '["R&D", Docs]' }) },
      habits: [readsUserTags(form)],
    });
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
  });

  it('are a loss though the definition does not name them', async () => {
    const world = await openOne([], definition('Robot', { tags: '[]' }));
    const [one] = world.platform.sandbox.instances();
    world.rig.write('instances/one.yaml', definition('someone').replace(/^tags:.*\n/m, ''));
    world.platform.sandbox.change(one?.id ?? 0, { tags: [...(one?.tags ?? []), 'By hand'] });
    world.platform.set(loses('PATCH', (body) => ({ ...body, tags: tagsOf(body).filter((tag) => tag !== 'By hand') })));
    expect(await world.apply()).toMatchObject({ code: 7, statuses: { one: 'user-tags-lost' } });
  });
});

/** The platform answers the first writes of this kind with 200 and takes nothing of them; all later ones it takes. */
function ignoresFirst(times = 1): HabitMaker {
  return faulty({ kind: 'ignore-write', of: 'everything', times, on: { methods: ['PATCH'] } });
}

const otherUser = (name: string, connector = 'actessentials'): string =>
  `connector: ${connector}\nname: ${name}\nconfiguration:\n  username: ${name}\n${connector === 'closeio' ? '' : '  password: ${{ secrets.PASSWORD }}\n'}`;

describe('a write of which nothing is taken, before another one that is', () => {
  it.each([
    ['values that come back as sent', []],
    ['values that come back otherwise', [reads(undefined, 'upper'), reads(undefined, 'mask')]],
  ])('is not remembered as done, where all that it changes is hidden: %s', async (_, habits) => {
    const world = await openOne(habits);
    await expectSettled(world);
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'another pa55 word';
    world.platform.set(...habits, ignoresFirst());
    expect(await world.apply()).toMatchObject({ code: 7, statuses: { one: 'not-taken' } });
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['update one'] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.platform.sandbox.instances()[0]?.configuration['password']).toBe('another pa55 word');
    await expectSettled(world);
  });

  it('is not remembered as done with --no-verify either', async () => {
    const world = await openOne([reads(undefined, 'mask')]);
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'another pa55 word';
    world.platform.set(reads(undefined, 'mask'), ignoresFirst());
    await world.apply({ verify: false });
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['update one'] });
  });

  it('makes no second holder of a key when a replace gives the key away in vain', async () => {
    const world = await openHostile({ files: { 'a.yaml': otherUser('Ann') } });
    expect(await world.apply()).toMatchObject({ code: 0 });
    world.rig.write('instances/a.yaml', otherUser('Ann', 'closeio'));
    world.platform.set(ignoresFirst(9));
    expect(await world.apply({ allowReplace: true })).toMatchObject({ code: 1, statuses: { a: 'not-taken' } });
    expect(world.platform.sandbox.instances()).toHaveLength(1);
    world.platform.set();
    expect(await world.apply({ allowReplace: true })).toMatchObject({ code: 0 });
    expect(world.platform.sandbox.instances().map(({ connector }) => connector)).toEqual(['closeio']);
    await expectSettled(world);
  });

  it('makes no second holder of a key in a ring of renames', async () => {
    const world = await openHostile({ files: { 'a.yaml': otherUser('Ann'), 'b.yaml': otherUser('Ben') } });
    expect(await world.apply()).toMatchObject({ code: 0 });
    const before = world.people();
    world.move('a.yaml', 'c.yaml');
    world.move('b.yaml', 'a.yaml');
    world.move('c.yaml', 'b.yaml');
    for (const times of [1, 2, 3]) {
      world.platform.set(ignoresFirst(times));
      await world.apply();
      const keys = world.platform.sandbox
        .instances()
        .flatMap(({ tags }) => tags.filter((tag) => /test\/[ab]$/.test(tag)));
      expect(keys).toEqual([...new Set(keys)]);
    }
    world.platform.set();
    await world.apply();
    expect(world.people()).toEqual(before);
    await expectSettled(world);
  });

  it('is not called done where it switched the instance, and no read tells whether it did', async () => {
    const world = await openOne();
    world.rig.write('instances/one.yaml', definition('Robot', { more: 'enabled: false\n' }));
    let isSwitched = false;
    world.platform.set(() => ({
      // The list leaves it out from then on, and a read of it fails.
      list: (rows) => (isSwitched ? [] : rows),
      around: async (request, next) => {
        if (request.path.endsWith('/enabled')) {
          isSwitched = true;
          return { status: 200 };
        }
        const isRead = request.method === 'GET' && /instances\/\d+$/.test(request.path);
        return isRead && isSwitched ? { status: 400, json: { message: 'No.', requestId: 'r' } } : next(request);
      },
    }));
    expect(await world.apply()).toMatchObject({ code: 7, statuses: { one: 'read-back-failed' } });
  });
});
