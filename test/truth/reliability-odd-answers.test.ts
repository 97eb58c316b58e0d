import { describe, expect, it } from 'vitest';
import { answersInstead } from '../support/hostile-habits.ts';
import { expectSettled, openHostile, type HostileWorld } from '../support/hostile-world.ts';

const definition = (name: string, username = 'robot') => `connector: actessentials
name: ${name}
configuration:
  username: ${username}
  password: \${{ secrets.PASSWORD }}
`;

async function openTwo(): Promise<HostileWorld> {
  const world = await openHostile({ files: { 'a.yaml': definition('A'), 'b.yaml': definition('B') } });
  expect(await world.apply()).toMatchObject({ code: 0 });
  return world;
}

const idsOf = ({ platform }: HostileWorld) => platform.sandbox.instances().map(({ id }) => id);
const tagsOf = ({ platform }: HostileWorld, id: number | undefined) =>
  platform.sandbox.instances().find((one) => one.id === id)?.tags;

describe('an answer that shows another instance than was asked for', () => {
  it('lets an apply write nothing to that other one', async () => {
    const world = await openTwo();
    const [a, b] = idsOf(world);
    const before = tagsOf(world, b);
    world.platform.set(() => ({ show: (row, by) => (by === 'write' ? { ...row, id: row['id'] === a ? b : a } : row) }));
    world.rig.write('instances/a.yaml', definition('A2'));
    const { code, statuses } = await world.apply();
    expect({ code, statuses }).toEqual({ code: 1, statuses: { a: 'unreadable-answer' } });
    expect(tagsOf(world, b)).toEqual(before);
  });

  it('makes no plan of what is read by id, and so no second instance', async () => {
    const world = await openTwo();
    const [, b] = idsOf(world);
    world.platform.set(() => ({
      show: (row, by) => (by === 'list' ? { ...row, configuration: null } : { ...row, id: b }),
    }));
    const { code, said } = await world.plan();
    expect(code).toBe(1);
    expect(said).toContain('in place of');
  });
});

describe('what a list shows of an instance', () => {
  it('hides no drift where it is an empty configuration', async () => {
    const world = await openTwo();
    const [a] = idsOf(world);
    world.platform.set(() => ({ show: (row, by) => (by === 'list' ? { ...row, configuration: {} } : row) }));
    world.platform.sandbox.change(a ?? 0, { configuration: { username: 'somebody' } });
    const { code, changes } = await world.drift();
    expect({ code, changes }).toEqual({ code: 2, changes: ['update a'] });
  });

  it('hides nothing that hurts where booleans are texts', async () => {
    const world = await openTwo();
    world.platform.set(() => ({ show: (row) => ({ ...row, disabled: 'true', valid: 'false' }) }));
    expect((await world.drift()).code).toBe(2);
  });
});

describe('writes that are answered with 204', () => {
  it('end well, and as what they are', async () => {
    const world = await openHostile({
      files: { 'a.yaml': definition('A') },
      habits: [
        () => ({
          around: async (request, next) => {
            const answer = await next(request);
            return request.method === 'GET' ? answer : { status: 204 };
          },
        }),
      ],
    });
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { a: 'succeeded' } });
    world.rig.write('instances/a.yaml', definition('A2'));
    expect(await world.apply()).toMatchObject({ code: 0, statuses: { a: 'succeeded' } });
    expect(await world.plan()).toMatchObject({ code: 0, changes: [] });
  });
});

describe('a ping that a page answers in place of the platform', () => {
  it('leaves what was made unverified', async () => {
    const page = { body: '<html>Sign in</html>' };
    const world = await openHostile({
      files: { 'a.yaml': definition('A') },
      habits: [answersInstead(page, ({ path }) => path.endsWith('/ping'), 9)],
    });
    const { code, statuses } = await world.apply();
    expect({ code, statuses }).toEqual({ code: 7, statuses: { a: 'ping-failed' } });
  });
});

describe('a filter of tags that never finds anything', () => {
  it('makes no second instance when the answer to a create was lost', async () => {
    const nothing = { status: 404, json: { message: 'No element instances found', requestId: 'r' } };
    let isLost = false;
    const world = await openHostile({
      files: { 'a.yaml': definition('A') },
      habits: [
        answersInstead(nothing, ({ method, query }) => method === 'GET' && query.has('tags[]'), Infinity),
        () => ({
          around: async (request, next) => {
            const answer = await next(request);
            if (request.method !== 'POST' || isLost) return answer;
            isLost = true;
            return { fault: 'reset' };
          },
        }),
      ],
    });
    const { code, statuses } = await world.apply();
    expect(world.names()).toEqual(['A']);
    expect({ code, statuses }).toEqual({ code: 7, statuses: { a: 'not-listed' } });
  });
});

describe('lists that show nothing while an answer to a create is lost', () => {
  it('make no second instance: what was there when it was planned is not shown either', async () => {
    const world = await openTwo();
    const nothing = { status: 404, json: { message: 'No element instances found', requestId: 'r' } };
    let isOut = false;
    world.platform.set(() => ({
      around: async ({ method, path, ...request }, next) => {
        if (isOut && method === 'GET' && path.endsWith('/instances')) return nothing;
        const answer = await next({ method, path, ...request });
        if (method !== 'POST') return answer;
        isOut = true;
        return { fault: 'reset' };
      },
    }));
    world.rig.write('instances/c.yaml', definition('C'));
    expect(await world.apply()).toMatchObject({ code: 1, statuses: { c: 'create-unclear' } });
    expect(world.names()).toEqual(['A', 'B', 'C']);
    world.platform.set();
    await world.apply();
    await expectSettled(world);
    expect(world.names()).toEqual(['A', 'B', 'C']);
  });
});
