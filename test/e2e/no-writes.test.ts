import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../support/http-server.ts';
import { definitionOf, openWorld, type World } from '../support/world.ts';

// That no situation of situations.ts makes plan, validate or convert write is checked in meet.ts, in every format.

const theirs = { username: 'theirs', password: 'theirs' };

/** A world in which every action of a plan has something to do. */
async function openBusyWorld(): Promise<World> {
  const files = {
    'instances/kept.yaml': definitionOf('Kept'),
    'instances/replaced.yaml': definitionOf('Replaced'),
  };
  const world = await openWorld({ files });
  const { rig, platform, env } = world;
  expect(await rig.run(['apply', '--yes'], { env })).toMatchObject({ code: 0 });
  const [found] = ['Found', 'Taken'].map((name) =>
    platform.sandbox.seed({ connector: 'actessentials', name, configuration: theirs }),
  );
  const changed = (file: string, from: string, to: string) => rig.write(file, rig.read(file).replace(from, to));
  changed('instances/one.yaml', 'username: one', 'username: changed');
  rig.write('instances/moved.yaml', rig.read('instances/two.yaml'));
  rmSync(path.join(rig.directory, 'instances/two.yaml'));
  rmSync(path.join(rig.directory, 'instances/three.yaml'));
  rig.write('instances/adopted.yaml', `${definitionOf('Found')}adopt: ${found?.id}\n`);
  rig.write('instances/taken.yaml', definitionOf('Taken'));
  changed('instances/replaced.yaml', 'actessentials', 'bigcommerce');
  rig.write('instances/new.yaml', definitionOf('New'));
  return world;
}

describe('a command that only reads', () => {
  it('sends nothing but reads when a plan has everything to do', async () => {
    const { rig, platform, env } = await openBusyWorld();
    const written = platform.writes().length;
    // The platform does see writes: those of the apply.
    expect(written).toBeGreaterThanOrEqual(5);
    const before = platform.requests.length;

    const planned = await rig.run(['plan', '--format', 'json', '--out', 'plan.json'], { env });
    const { plan }: { readonly plan: { readonly summary: Readonly<Record<string, number>> } } = JSON.parse(
      planned.stdout,
    );
    expect(plan.summary).toMatchObject({
      adopt: 1,
      conflict: 1,
      create: 1,
      delete: 1,
      move: 1,
      replace: 1,
      unchanged: 1,
      update: 1,
    });
    await rig.run(['plan', '--verbose'], { env });
    expect(platform.requests.length).toBeGreaterThan(before);
    expect(platform.writes()).toHaveLength(written);

    const asked = platform.requests.length;
    rig.write('body.json', '{ "element": { "key": "actessentials" }, "name": "One", "configuration": {} }');
    await rig.run(['validate'], { env });
    await rig.run(['convert', 'body.json', '--out', 'instances'], { env });
    expect(platform.requests).toHaveLength(asked);
  });

  const lures: readonly (readonly [string, Answer])[] = [
    ['sends it elsewhere with its method kept', { status: 307, headers: { location: '/elements/api-v2/instances' } }],
    ['sends it to another host', { status: 302, headers: { location: 'https://platform.example.net/' } }],
    [
      'wants another method',
      { status: 405, headers: { allow: 'POST' }, json: { message: 'Use POST', requestId: 'r' } },
    ],
    ['is busy', { status: 429, headers: { 'retry-after': '0' }, json: { message: 'Slower', requestId: 'r' } }],
  ];
  it.each(lures)('sends nothing but reads to a platform that %s', async (_name, answer) => {
    const lured = { count: 0 };
    // Once for each address, so that a request that is repeated gets on.
    const seen = new Set<string>();
    const before = ({ path: asked }: { readonly path: string }) => {
      if (seen.has(asked)) return undefined;
      seen.add(asked);
      lured.count += 1;
      return answer;
    };
    const { rig, platform, env } = await openWorld({ before });
    await rig.run(['plan'], { env });
    expect(lured.count).toBeGreaterThan(0);
    expect(platform.writes()).toEqual([]);
  });
});
