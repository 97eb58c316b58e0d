import { describe, expect, it } from 'vitest';
import { renderPlanComment } from '../../src/report/github/render-plan-comment.ts';
import { renderPlanMarkdown } from '../../src/report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../../src/report/plan/render-plan-text.ts';
import type { Plan } from '../../src/model/plan.ts';
import { killAtWrite } from '../support/hostile-habits.ts';
import { type Did, expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

const firstKey = 'a1'.repeat(32);
const secondKey = 'b2'.repeat(32);

const withPages = (name: string) => `${definitionOf(name)}  pagination.max: 500\n`;

function planIn({ result }: Did): Plan {
  if (!('plan' in result) || result.plan === undefined) throw new Error('There is no plan.');
  return result.plan;
}

/** The tags that say what was last applied, by the name of the instance. */
function vectors(world: HostileWorld): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    world.platform.sandbox
      .instances()
      .map(({ name, tags }) => [name, tags.filter((tag) => tag.startsWith('connectorctl-applied/'))]),
  );
}

function liveOf(world: HostileWorld, name: string) {
  const found = world.platform.sandbox.instances().find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found;
}

async function openApplied(names: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const files = Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, withPages(name)]));
  const world = await openHostile({ files, env });
  expect(await world.apply()).toMatchObject({ code: 0 });
  return world;
}

describe('the names of a lost key', () => {
  it('are kept by an apply that remembers anew, so that a key that had left its definition is set back when somebody has the key', async () => {
    const world = await openApplied(['Ann'], { CONNECTORCTL_FINGERPRINT_KEY: firstKey });
    world.env['CONNECTORCTL_FINGERPRINT_KEY'] = secondKey;
    world.rig.write('instances/ann.yaml', definitionOf('Ann'));
    const planned = await world.plan();
    expect(planned.said).toMatch(/At least 1 setting left the definition of ann/);
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    expect(liveOf(world, 'Ann').configuration['pagination.max']).toBe('500');

    world.env['CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS'] = firstKey;
    expect((await world.plan()).changes).toEqual(['update ann']);
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(liveOf(world, 'Ann').configuration['pagination.max']).toBe('150');
    await expectSettled(world);
    delete world.env['CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS'];
    await expectSettled(world);
  });
});

describe('the organisation secret', () => {
  it('as a former key leads to a fingerprint key of its own without any loss', async () => {
    const world = await openApplied(['Ann']);
    Object.assign(world.env, {
      CONNECTORCTL_FINGERPRINT_KEY: firstKey,
      CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS: world.env['CONNECTORCTL_ORGANIZATION_SECRET'],
      CONNECTORCTL_SECRET_PASSWORD: 'rotated with it',
    });
    world.rig.write('instances/ann.yaml', definitionOf('Ann'));
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(liveOf(world, 'Ann').configuration).toMatchObject({
      password: 'rotated with it',
      'pagination.max': '150',
    });
    delete world.env['CONNECTORCTL_ORGANIZATION_SECRET_PREVIOUS'];
    await expectSettled(world);
  });
});

describe('thirty adopted instances', () => {
  it('are said to be assumed once, in one block with one command, and make no noise after that', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `Shop ${index}`);
    const world = await openHostile({ files: {} });
    for (const [index, name] of names.entries()) {
      const { id } = world.platform.sandbox.seed({
        connector: 'actessentials',
        name,
        configuration: { username: name.toLowerCase(), password: 'theirs' },
      });
      world.rig.write(`instances/shop-${index}.yaml`, `${definitionOf(name)}adopt: ${id}\n`);
    }
    const plan = planIn(await world.plan());
    for (const text of textsOf(plan)) {
      expect(text.match(/cannot be compared/g)).toHaveLength(1);
      expect(text.match(/--resend/g)).toHaveLength(1);
    }
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    const after = await world.plan();
    expect(planIn(after).changes).toEqual([]);
    expect(after.told).not.toMatch(/resend|compared/);

    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'rotated later';
    expect((await world.plan()).changes).toHaveLength(30);
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(new Set(world.platform.sandbox.instances().map(({ configuration }) => configuration['password']))).toEqual(
      new Set(['rotated later']),
    );
    await expectSettled(world);
  });
});

describe('a rotated key in what people read', () => {
  it('is one block for all instances, which names no more than a few of them', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `Shop${index}`);
    const world = await openApplied(names, { CONNECTORCTL_FINGERPRINT_KEY: firstKey });
    world.env['CONNECTORCTL_FINGERPRINT_KEY'] = secondKey;
    const plan = planIn(await world.plan());
    expect(plan.summary.remember).toBe(25);
    for (const text of textsOf(plan)) {
      expect(text.match(/another fingerprint key/g)).toHaveLength(1);
      expect(text.match(/--resend/g)).toHaveLength(1);
      expect(text.match(/shop24/g)).toBeNull();
      expect(text).toContain('25 instances');
      expect(text).toContain('and 17 more');
      expect(text).toContain('CONNECTORCTL_FINGERPRINT_KEY_PREVIOUS');
      expect(text.split('\n').length).toBeLessThan(45);
    }
    const drift = await world.drift();
    expect(drift.code).toBe(0);
    for (const text of textsOf(planIn(drift))) expect(text.match(/another fingerprint key/g)).toHaveLength(1);
  });
});

function textsOf(plan: Plan): readonly string[] {
  return [
    renderPlanText(plan, { color: false, width: 100 }).replaceAll(/\s*\n\s+/g, ' '),
    renderPlanMarkdown(plan),
    renderPlanComment({ outcome: { kind: 'planned', plan, diagnostics: [] }, environment: 'test', marker: '' }).body,
  ].map((text) => text.replaceAll('&#95;', '_'));
}

/** Moves the tags of ours to an instance of a stranger, as whoever has the console can. */
function moveTags(world: HostileWorld) {
  const { sandbox } = world.platform;
  const ours = liveOf(world, 'Ann');
  const stranger = sandbox.seed({
    connector: 'actessentials',
    name: 'Ann',
    configuration: { ...ours.configuration, password: 'his own', 'base.url': 'https://evil.example' },
  });
  sandbox.change(stranger.id, { tags: ours.tags });
  sandbox.change(ours.id, { tags: [] });
  return { ours: ours.id, stranger: stranger.id };
}

describe('tags on another instance', () => {
  it.each([
    ['right after the apply that created it', false],
    ['after an update', true],
  ])(
    'security F6: are a conflict %s: neither a rotated secret nor anything else goes there, and prune leaves it',
    async (_, isUpdated) => {
      const world = await openApplied(['Ann', 'Ben']);
      if (isUpdated) world.rig.write('instances/ann.yaml', withPages('Ann').replace('500', '501'));
      expect(await world.apply()).toMatchObject({ code: 0 });
      const { ours, stranger } = moveTags(world);

      const planned = await world.plan();
      expect(planned.code).toBe(6);
      expect(planned.said).toContain(`written for instance ${ours}`);
      world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'rotated';
      for (const options of [{}, { resend: [] }, { resend: ['ann'] }, { prune: true }, { allowReplace: true }]) {
        expect((await world.apply(options)).code).toBe(6);
      }
      world.remove('ann.yaml');
      await world.apply({ prune: true });
      expect(world.platform.sandbox.instance(stranger)?.configuration['password']).toBe('his own');

      world.rig.write(
        'instances/ann.yaml',
        `${isUpdated ? withPages('Ann').replace('500', '501') : withPages('Ann')}adopt: ${stranger}\n`,
      );
      expect((await world.plan()).changes).toEqual(['remember ann']);
      expect(await world.apply()).toMatchObject({ code: 0 });
      await expectSettled(world);
    },
  );

  it('are bound right after the create, by one write of tags', async () => {
    const world = await openApplied(['Ann']);
    const [one] = world.platform.sandbox.instances();
    const instances = '/elements/api-v2/instances';
    expect(world.platform.writes()).toEqual([`POST ${instances}`, `PATCH ${instances}/${one?.id}`]);
  });

  it('are bound by the next apply when the one that created it was killed in between', async () => {
    const world = await openHostile({ files: { 'ann.yaml': withPages('Ann') } });
    const kill = killAtWrite(0, 'after');
    world.platform.set(kill.habit);
    const seat = world.checkout({ 'instances/ann.yaml': withPages('Ann') });
    await Promise.race([kill.happened, seat.apply().catch(() => {})]);
    world.platform.set();
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['remember ann'] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.platform.sandbox.instances()).toHaveLength(1);
    await expectSettled(world);
  });
});

describe('equal secrets', () => {
  it('look different on two instances, and after an instance was made again and changed', async () => {
    const world = await openApplied(['Ann', 'Ben']);
    const { Ann = [], Ben = [] } = vectors(world);
    expect(Ann).not.toEqual(Ben);
  });
});

describe('rules 4: another fingerprint key', () => {
  it('leaves nothing unwatched after one apply, and names no instance one by one', async () => {
    const names = ['Ann', 'Ben', 'Cid'];
    const files = Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));
    const world = await openHostile({ files });
    await world.apply();
    world.env['CONNECTORCTL_FINGERPRINT_KEY'] = 'c3'.repeat(32);
    const { said } = await world.plan();
    expect(said).not.toMatch(/--resend ann/);
    await world.apply();
    await expectSettled(world);
    // What can be seen is known again: a change by hand is drift, not an edit of ours.
    const { id } = world.platform.sandbox.instances()[0] ?? { id: 0 };
    world.platform.sandbox.change(id, { configuration: { username: 'by hand' } });
    const { result } = await world.drift();
    const fields = result.kind === 'drifted' ? result.plan.changes.flatMap((change) => change.fields) : [];
    expect(fields).toMatchObject([{ field: '/configuration/username', cause: 'drift' }]);
  });
});
