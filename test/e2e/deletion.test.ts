import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLeaks } from '../support/leaks.ts';
import { type Managed, openManaged, type Settings, tagsOf } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

const instances = '/elements/api-v2/instances';
const anyDelete: Settings = { limits: { maxDelete: 100, maxDeletePercent: 100 } };

function takeAway({ rig }: Managed, ...names: readonly string[]): void {
  for (const name of names) rmSync(path.join(rig.directory, `instances/${name}.yaml`));
}

/** A world in which all three definitions are applied. */
async function openApplied(settings: Settings = anyDelete): Promise<Managed> {
  const world = await openManaged({ settings });
  await world.apply();
  return world;
}

describe('an instance whose definition is for other environments', () => {
  it('is an orphan that is not said to have none', async () => {
    const world = await openApplied();
    const { rig } = world;
    rig.write(
      'connectorctl.yaml',
      rig.read('connectorctl.yaml').replace('{"test":', '{"dev":{"platform":"sandbox"},"test":'),
    );
    rig.write('instances/one.yaml', `${rig.read('instances/one.yaml')}environments: [dev]\n`);
    const { said } = await world.run(['plan']);
    expect(said).toContain('Its definition is for dev only. It is kept because prune is off.');
    expect(said).toMatch(/1 orphan +has a definition for other environments only; kept/);
    expect(said).toContain('Add this environment to its `environments`, or delete the instance with --prune.');
    expect((await world.json(['plan'])).plan.changes).toMatchObject([
      { reason: { code: 'prune-off', onlyIn: ['dev'] } },
    ]);
  });
});

describe('an instance whose definition is gone', () => {
  it('is reported and kept, which is no change', async () => {
    const world = await openApplied();
    const { id } = world.live('One');
    takeAway(world, 'one');
    const planned = await world.run(['plan', '--detailed-exitcode']);
    expect(planned.code).toBe(0);
    expect(planned.stdout).toMatch(new RegExp(`^○ orphan {2}one .*id ${id}$`, 'm'));
    expect(planned.said).toContain('No definition has its key. It is kept because prune is off.');
    expect(planned.said).toContain('delete the instance with --prune.');
    expect(planned.said).toContain('Next: nothing to apply');
    expect(await world.run(['apply', '--yes'])).toMatchObject({ code: 0, sent: [] });
    expect((await world.json(['plan', '--detailed-exitcode'])).plan).toMatchObject({
      changes: [{ key: 'one', action: 'orphan', id: String(id) }],
      summary: { orphan: 1, delete: 0 },
    });
    // Named ones are planned only, so that nothing else can be in the way of a hurried fix.
    expect((await world.run(['apply', '--yes', '--prune', '--only', 'two'])).sent).toEqual([]);
  });

  it.each([
    ['--prune', anyDelete, ['--prune']],
    ['`prune: true`', { ...anyDelete, prune: true }, []],
  ])('is deleted last with %s, and a copy without secrets is kept that validates', async (_, settings, words) => {
    const world = await openApplied(settings);
    const { id } = world.live('One');
    takeAway(world, 'one');
    world.rig.write('instances/four.yaml', definitionOf('Four'));
    const planned = await world.run(['plan', '--detailed-exitcode', ...words]);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(new RegExp(`^- delete {2}one .*id ${id}$`, 'm'));

    const { sent, stdout, said } = await world.apply(...words);
    expect(stdout).toContain('Applied: 1 created, 1 deleted.');
    const made = world.live('Four').id;
    expect(sent.map(({ line }) => line)).toEqual([
      `POST ${instances}`,
      `PATCH ${instances}/${made}`,
      `DELETE ${instances}/${id}`,
    ]);
    const file = `.connectorctl/deleted/test/${id}.yaml`;
    expect(said).toContain(`A copy of instance ${id}, without its secrets, was written to ${file}.`);
    const copy = world.rig.read(file);
    expect(findLeaks(copy, { password: 'pa55 word', user: world.env['CONNECTORCTL_USER_SECRET'] ?? '' })).toEqual([]);
    expect(copy).toContain('connector: actessentials\nname: One\n');
    await world.expectSettled();

    // As a definition again, it makes the instance anew.
    world.rig.write('instances/one.yaml', copy);
    const env = { CONNECTORCTL_SECRET_ACTESSENTIALS_PASSWORD: 'pa55 word' };
    expect(await world.run(['validate'], env)).toMatchObject({ code: 0, stdout: '4 files checked, no problems.\n' });
    expect((await world.json(['plan'], env)).plan.changes).toMatchObject([{ key: 'one', action: 'create' }]);
  });

  it('leaves no value in its copy that came from a secret, whatever its key', async () => {
    const world = await openManaged({ settings: anyDelete });
    const login = { CONNECTORCTL_SECRET_LOGIN: 'c4nary log/in+name' };
    const apiKey =
      'connector: freshdeskv2\nname: Desk\nconfiguration:\n  subdomain: acme\n  username: ${{ secrets.LOGIN }}\n';
    world.rig.write(
      'instances/one.yaml',
      definitionOf('One').replace('username: one', 'username: ${{ secrets.LOGIN }}'),
    );
    world.rig.write('instances/desk.yaml', apiKey);
    expect((await world.run(['apply', '--yes'], login)).code).toBe(0);
    takeAway(world, 'one', 'desk');
    await world.apply('--prune');
    const folder = path.join(world.rig.directory, '.connectorctl/deleted/test');
    const copies = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
    expect(copies).toHaveLength(2);
    expect(findLeaks(copies.join('\n'), login)).toEqual([]);
    for (const copy of copies) expect(copy).toMatch(/^ {2}username: \$\{\{ secrets\.\w+_USERNAME \}\}$/m);
  });

  it('is not deleted while a formula instance uses it; the others are', async () => {
    const world = await openApplied();
    const { id } = world.live('One');
    const configuration = { 'element.instance.id': String(id) };
    const formula = { id: 77, name: 'Nightly sync', formulaId: 7, formulaName: 'Sync', active: true, configuration };
    world.platform.sandbox.seedFormulaInstance(formula);
    takeAway(world, 'one', 'two');
    const { code, said, sent } = await world.run(['apply', '--yes', '--prune']);
    expect(code).toBe(5);
    expect(said).toContain(`Formula instances use instance ${id}: Nightly sync (77).`);
    expect(said).toContain('Applied: 1 deleted. 1 failed.');
    expect(sent).toHaveLength(1);
    expect(world.live('One').id).toBe(id);
  });

  it('is not deleted when no copy of it can be kept', async () => {
    const world = await openApplied();
    rmSync(path.join(world.rig.directory, '.connectorctl'), { recursive: true });
    world.rig.write('.connectorctl', 'A file in the place of the folder.');
    takeAway(world, 'one');
    const { code, sent, said } = await world.run(['apply', '--yes', '--prune']);
    expect({ code, sent }).toEqual({ code: 1, sent: [] });
    expect(said).toContain('No lock can be kept in .connectorctl (EEXIST)');
    expect(said).toContain('copy-not-kept');
  });

  it('is kept under `protect: true`, also with --prune, until the protection was taken away and applied', async () => {
    const world = await openManaged({ settings: anyDelete });
    world.rig.write('instances/one.yaml', `${definitionOf('One')}protect: true\n`);
    await world.apply();
    takeAway(world, 'one');
    const kept = await world.run(['apply', '--yes', '--prune']);
    expect(kept).toMatchObject({ code: 0, sent: [] });
    expect(kept.said).toContain('It is protected, so it is never deleted.');
    expect(kept.said).toContain('Restore the definition with `protect: false` and apply; then remove it.');

    world.rig.write('instances/one.yaml', `${definitionOf('One')}protect: false\n`);
    expect((await world.apply()).sent).toMatchObject([{ body: { tags: expect.anything() } }]);
    takeAway(world, 'one');
    expect((await world.apply('--prune')).sent).toHaveLength(1);
    expect(world.platform.sandbox.instances()).toHaveLength(2);
    await world.expectSettled();
  });

  it('is kept when a person edited its tags so that it is not known whether it is protected', async () => {
    const world = await openApplied();
    const { id } = world.live('One');
    world.platform.sandbox.change(id, { tags: tagsOf('one') });
    takeAway(world, 'one');
    const { code, said, sent } = await world.run(['apply', '--yes', '--prune']);
    expect({ code, sent }).toEqual({ code: 0, sent: [] });
    expect(said).toContain('so it may be protected, and it is not deleted.');
  });
});

describe('the limits', () => {
  const limited: Settings = { limits: { maxDelete: 1, maxDeletePercent: 30 } };

  it('stop an apply with the numbers, and let exactly the plan pass that is named', async () => {
    const world = await openApplied(limited);
    takeAway(world, 'one', 'two');
    const { plan, exitCode } = await world.json(['plan', '--prune']);
    const { digest } = plan;
    expect(exitCode).toBe(6);

    const refused = await world.run(['apply', '--yes', '--prune']);
    expect(refused).toMatchObject({ code: 6, sent: [] });
    expect(refused.said).toContain(
      'Refused: the plan exceeds the limits of test. 2 instances would be deleted; maxDelete allows 1. ' +
        '2 of 3 live instances of this workspace (66.7 %) would be deleted; maxDeletePercent allows 30 %, which is 0.',
    );
    const override = `connectorctl apply --env test --prune --allow-limits ${digest}`;
    expect(refused.stderr).toContain(`  ${override}\n`);
    expect(await world.json(['apply', '--yes', '--prune'])).toMatchObject({
      exitCode: 6,
      error: { code: 'declined', hint: expect.stringContaining(override) },
    });

    const others = ['0123456789ab', digest.slice(0, 12), digest.slice(0, 63), `${digest}0123456789ab`];
    const all = await Promise.all(
      others.map((other) => world.run(['apply', '--yes', '--prune', '--lock-timeout', '1m', '--allow-limits', other])),
    );
    for (const [index, did] of all.entries()) {
      expect(did).toMatchObject({ code: 6, sent: [] });
      expect(did.said).toContain(`The digest ${others[index]} is not that of this plan.`);
    }
    // The command as it was printed; only the question is answered beforehand.
    const [, ...words] = override.split(' ');
    takeAway(world, 'three');
    world.rig.write('instances/three.yaml', definitionOf('Three').replace('username: three', 'username: third'));
    expect(await world.run([...words, '--yes'])).toMatchObject({ code: 6, sent: [] });
    world.rig.write('instances/three.yaml', definitionOf('Three'));
    const { code, sent } = await world.run([...words, '--yes']);
    expect(code).toBe(0);
    expect(sent).toHaveLength(2);
    await world.expectSettled();
  });

  it('print the override of a plan of named definitions whose values are sent again', async () => {
    const world = await openManaged({ settings: { limits: { maxChangePercent: 30 } } });
    await world.apply();
    const { id } = world.live('One');
    world.platform.sandbox.change(id, { tags: tagsOf('one') });
    const refused = await world.run(['apply', '--yes', '--only', 'one', '--resend', 'one']);
    expect(refused).toMatchObject({ code: 6, sent: [] });
    expect(refused.said).toContain('1 of 3 live instances of this workspace (33.4 %) would be changed;');
    const command = /^ {4}connectorctl (apply .*)$/m.exec(refused.stderr)?.[1] ?? '';
    const { code, sent } = await world.run([...command.split(' '), '--yes']);

    expect({ code, lines: sent.map(({ line }) => line) }).toEqual({ code: 0, lines: [`PATCH ${instances}/${id}`] });
    await world.expectSettled();
  });
});

const names = ['one', 'two', 'three'];
const emptied: Readonly<Record<string, readonly [(world: Managed) => void, number]>> = {
  'the folder is empty': [(world) => takeAway(world, ...names), 0],
  'the folder is gone': [({ rig }) => rmSync(path.join(rig.directory, 'instances'), { recursive: true }), 3],
  'the files hold comments only': [
    ({ rig }) => {
      for (const name of names) rig.write(`instances/${name}.yaml`, '# Later.\n');
    },
    0,
  ],
  'the definitions are for other environments only': [
    ({ rig }) => {
      for (const name of names) rig.write(`instances/${name}.yaml`, `${definitionOf(name)}environments: [other]\n`);
    },
    0,
  ],
  'the only file is broken': [
    (world) => {
      takeAway(world, 'one', 'two');
      world.rig.write('instances/three.yaml', 'connector: [actessentials\n');
    },
    3,
  ],
  'the only file cannot be read': [
    (world) => {
      takeAway(world, 'one', 'two');
      writeFileSync(path.join(world.rig.directory, 'instances/three.yaml'), Buffer.from([0xff, 0xfe, 0x00]));
    },
    3,
  ],
};

describe('a folder without definitions', () => {
  it('deletes nothing, whatever prune says: empty, gone, comments, other environments, broken, unreadable', async () => {
    const world = await openApplied();
    const test = { baseUrl: world.platform.origin, prune: true, ...anyDelete };
    const environments = { test, other: { platform: 'sandbox' } };
    const file = { version: 1, workspace: 'acme', defaultEnvironment: 'test', environments };
    world.rig.write('connectorctl.yaml', JSON.stringify(file));
    for (const [what, [empty, code]] of Object.entries(emptied)) {
      for (const name of ['One', 'Two', 'Three']) {
        world.rig.write(`instances/${name.toLowerCase()}.yaml`, definitionOf(name));
      }
      empty(world);
      const did = await world.run(['apply', '--yes', '--prune']);
      expect([what, did.code, did.sent]).toEqual([what, code, []]);
      // Whoever was told that prune is off would ask for it again and again.
      expect([what, did.said.includes('prune is off')]).toEqual([what, false]);
    }
    expect(world.platform.sandbox.instances()).toHaveLength(3);
    expect(existsSync(path.join(world.rig.directory, '.connectorctl/deleted'))).toBe(false);
  });
});
