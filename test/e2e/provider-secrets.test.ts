import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openManaged, type Managed, tagsOf } from '../support/managed.ts';

/** Neither stands in the environment of the process: one file of a mounted folder for each. */
const used = 'tr0ub4dor-and-3-more';
/** In the folder, and named by no definition any more. */
const retired = 'correct-h0rse-battery';

/** A world of which the secrets are mounted. */
async function openMounted(): Promise<Managed> {
  const world = await openManaged();
  const { rig, platform } = world;
  rig.write(
    'connectorctl.yaml',
    JSON.stringify({
      version: 1,
      workspace: 'acme',
      defaultEnvironment: 'test',
      environments: { test: { baseUrl: platform.origin, secrets: { directory: 'mounted' } } },
    }),
  );
  rig.write('mounted/MOUNTED', used);
  rig.write('mounted/RETIRED', retired);
  const definition = rig.read('instances/one.yaml').replace('secrets.PASSWORD', 'secrets.MOUNTED');
  rig.write('instances/one.yaml', definition);
  await world.apply();
  return world;
}

const shown = new RegExp(`${used}|${retired}`);

describe('a secret that comes from the place that the environment names', () => {
  it('is in no output when the platform repeats it, whether a definition names it or not', async () => {
    const world = await openMounted();
    for (const secret of [used, retired]) {
      world.platform.sandbox.seed({
        connector: 'actessentials',
        name: `Orphan ${secret}`,
        tags: [...tagsOf(`gone-${secret.length}`), `tag ${secret}`],
        configuration: { username: secret, password: 'x' },
      });
    }
    world.platform.sandbox.change(world.live('One').id, { configuration: { username: `now ${retired}` } });
    const commands = [
      ['plan', '--format', 'json'],
      ['plan', '--format', 'markdown'],
      ['status'],
      ['apply', '--yes', '--record', 'run.jsonl'],
    ];
    for (const words of commands) {
      const { stdout, stderr } = await world.run(words);
      expect([words, stdout + stderr]).toEqual([words, expect.not.stringMatching(shown)]);
    }
    expect(world.rig.read('run.jsonl')).not.toMatch(shown);
  });

  it('becomes its reference when an import meets it, and reaches no file', async () => {
    const world = await openMounted();
    const { sandbox } = world.platform;
    for (const secret of [used, retired]) {
      sandbox.seed({
        connector: 'actessentials',
        name: `Has ${secret}`,
        tags: [`a ${secret}`],
        configuration: { username: secret, 'some.key': `me:${secret}`, password: 'x' },
      });
    }
    const { code, stdout, stderr } = await world.run(['import', '--all']);
    expect([code, stdout + stderr]).toEqual([0, expect.not.stringMatching(shown)]);
    const folder = path.join(world.rig.directory, 'instances');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const files = names.filter((name) => name.endsWith('.yaml'));
    const texts = files.map((name) => readFileSync(path.join(folder, name), 'utf8'));
    expect([...names, ...texts].join('\n')).not.toMatch(shown);
    for (const name of ['MOUNTED', 'RETIRED']) {
      expect(texts.filter((text) => text.includes(`username: \${{ secrets.${name} }}`))).toHaveLength(1);
    }
  });

  it('is not written into what `catalog pull` writes', async () => {
    const world = await openManaged({
      before: ({ path: at }) =>
        /elements\/actessentials/.test(at)
          ? {
              status: 200,
              json: {
                key: 'actessentials',
                name: `ACT ${used}`,
                configuration: [{ key: 'username', name: `User ${retired}`, type: 'TEXTFIELD_32', required: true }],
              },
            }
          : undefined,
    });
    world.rig.write(
      'connectorctl.yaml',
      JSON.stringify({
        version: 1,
        workspace: 'acme',
        defaultEnvironment: 'test',
        environments: { test: { baseUrl: world.platform.origin, secrets: { directory: 'mounted' } } },
      }),
    );
    world.rig.write('mounted/MOUNTED', used);
    world.rig.write('mounted/RETIRED', retired);
    world.rig.write(
      'instances/one.yaml',
      world.rig
        .read('instances/one.yaml')

        .replace('secrets.PASSWORD', 'secrets.MOUNTED'),
    );
    await world.run(['catalog', 'pull']);
    expect(world.rig.read('schema/connectors/actessentials.json')).not.toMatch(shown);
  });
});
