import { describe, expect, it } from 'vitest';
import { openFlow } from '../action/flows/open-flow.ts';
import { expectSettled, openHostile } from '../support/hostile-world.ts';
import { openManaged, removed, tagsOf } from '../support/managed.ts';
import { definitionOf } from '../support/world.ts';

const act = { connector: 'actessentials', configuration: { username: 'robot', password: 'pa55 word' } };

describe('adoption 2: drift that hurts', () => {
  it('is three dead connections in the nightly issue, which is not closed while they stand', async () => {
    const names = ['Two', 'Three', 'Four'];
    const files = Object.fromEntries(names.map((name) => [`instances/${name.toLowerCase()}.yaml`, definitionOf(name)]));
    const fixture = await openFlow({ files });
    const { sandbox } = fixture.platform;
    await fixture.plan();
    fixture.merge();
    expect((await fixture.apply()).code).toBe(0);
    const idOf = (name: string): number => sandbox.instances().find((one) => one.name === name)?.id ?? 0;
    sandbox.change(idOf('One'), { configuration: { username: 'by-hand' } });
    await fixture.drift();
    sandbox.change(idOf('One'), { configuration: { username: 'one' } });
    sandbox.remove(idOf('Two'));
    sandbox.change(idOf('Three'), { tags: ['oops'] });
    sandbox.change(idOf('Four'), { disabled: true });
    const end = await fixture.drift();
    expect(end.outputs).toMatchObject({ 'exit-code': '2', drift: 'true' });
    const [issue] = fixture.github.issues;
    expect(issue).toMatchObject({ state: 'open', title: expect.stringContaining('3 instances') });
    for (const key of ['two', 'three', 'four']) expect(issue?.body).toContain(key);
  });
});

describe('adoption 5: a secret that is rotated after an adoption', () => {
  it('is noticed, and nothing is said before', async () => {
    const world = await openHostile({ files: {} });
    for (const name of ['Ann', 'Ben']) world.platform.sandbox.seed({ ...act, name });
    const { result } = await world.importAll({ withSecrets: true });
    const secrets = result.kind === 'imported' ? result.definitions.flatMap((one) => one.secrets) : [];
    for (const name of secrets) world.env[`CONNECTORCTL_SECRET_${name}`] = 'pa55 word';
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    world.env[`CONNECTORCTL_SECRET_${secrets[0]}`] = 'rotated';
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['update actessentials/ann'] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.platform.sandbox.instances()[0]?.configuration['password']).toBe('rotated');
    await expectSettled(world);
  });
});

describe('adoption 5b: an organization secret that is reset', () => {
  it('costs one apply, which needs no key by name, and then rotations are noticed again', async () => {
    const files = Object.fromEntries(['Ann', 'Ben', 'Cid'].map((name) => [`${name}.yaml`, definitionOf(name)]));
    const world = await openHostile({ files });
    expect(await world.apply()).toMatchObject({ code: 0 });
    // Which key is derived of it is all that counts here.
    world.env['CONNECTORCTL_FINGERPRINT_KEY'] = 'k'.repeat(43);
    const planned = await world.plan();
    expect(planned).toMatchObject({ code: 2, changes: ['remember Ann', 'remember Ben', 'remember Cid'] });
    expect(await world.apply()).toMatchObject({ code: 0 });
    await expectSettled(world);
    world.env['CONNECTORCTL_SECRET_PASSWORD'] = 'rotated';
    expect(await world.plan()).toMatchObject({ code: 2, changes: ['update Ann', 'update Ben', 'update Cid'] });
  });
});

/** One good update, one refused replace, one that waits for its secret, one whose tags somebody took. */
async function openStopped() {
  const world = await openManaged({ files: { 'instances/four.yaml': definitionOf('Four') } });
  await world.apply();
  world.platform.sandbox.change(world.live('Two').id, { tags: tagsOf('stolen', 'other') });
  world.rig.write('instances/one.yaml', definitionOf('One').replace('username: one', 'username: new'));
  world.rig.write(
    'instances/three.yaml',
    'connector: closeio\nname: Three\nconfiguration:\n  username: ${{ secrets.PASSWORD }}\n',
  );
  world.rig.write('instances/four.yaml', definitionOf('Four').replace('PASSWORD', 'UNSET'));
  return world;
}

describe('adoption 9: the end of an apply', () => {
  it('names the refused, the conflicting and the waiting with reason and next step, beside what was done', async () => {
    const world = await openStopped();
    const { code, stdout, said } = await world.run(['apply', '--yes']);
    expect(code).toBe(6);
    const end = stdout.slice(stdout.lastIndexOf('Applied:') - 4_000);
    for (const key of ['one', 'two', 'three', 'four']) expect(end).toMatch(new RegExp(`\\b${key}\\b`));
    expect(said).toContain('CONNECTORCTL_SECRET_UNSET');
    expect(said).toMatch(/--allow-replace/);
  });

  it('is an issue that says of each why, and in its title what became of it', async () => {
    const three = definitionOf('Three');
    const fixture = await openFlow({ files: { 'instances/three.yaml': three } });
    await fixture.plan();
    fixture.merge();
    expect((await fixture.apply()).code).toBe(0);
    fixture.rig.write(
      'instances/three.yaml',
      'connector: closeio\nname: Three\nconfiguration:\n  username: ${{ secrets.PASSWORD }}\n',
    );
    fixture.rig.write('instances/four.yaml', definitionOf('Four').replace('PASSWORD', 'UNSET'));
    expect((await fixture.apply({ inputs: { 'require-review': 'false' } })).code).toBe(6);
    const [issue] = fixture.github.issues;
    expect(issue?.title).not.toContain('nothing');
    expect(issue?.title).toContain('refused');
    for (const word of ['three', 'four', 'UNSET', 'allow-replace']) expect(issue?.body).toContain(word);
    expect(issue?.body).not.toContain('⏎');
  });
});

describe('adoption 14: a command that is printed as the next step', () => {
  it('carries the environment that was given, whatever the default is', async () => {
    const world = await openStopped();
    const file: { readonly environments: { readonly test: object } } = JSON.parse(world.rig.read('connectorctl.yaml'));
    const environments = { ...file.environments, sandbox: { platform: 'sandbox' } };
    world.rig.write('connectorctl.yaml', JSON.stringify({ ...file, environments, defaultEnvironment: 'sandbox' }));
    world.platform.sandbox.change(world.live('One').id, { disabled: true });
    world.platform.sandbox.seed({ ...act, name: 'Stranger' });
    const commands = [];
    for (const words of [
      ['plan'],
      ['drift'],
      ['apply'],
      ['apply', '--yes'],
      ['import', '--all'],
      ['status'],
      ['secrets', 'list'],
    ]) {
      const { stdout, stderr } = await world.run([...words, '--env', 'test']);
      const lines = `${stdout}\n${stderr}`.split('\n');
      commands.push(
        ...lines.flatMap(
          (line) =>
            /(?:^|: +|\s{2,})(connectorctl (?:plan|apply|drift|import|validate|status|secrets)\b.*)$/.exec(line)?.[1] ??
            [],
        ),
      );
    }
    expect(commands.length).toBeGreaterThan(4);
    expect(commands.filter((command) => !command.includes('--env test'))).toEqual([]);
  });

  it('is not offered where it can only end with 6', async () => {
    const world = await openManaged({ files: removed('two', 'three') });
    await world.apply();
    world.rig.write(
      'instances/one.yaml',
      'connector: closeio\nname: One\nconfiguration:\n  username: ${{ secrets.PASSWORD }}\n',
    );
    expect((await world.run(['plan'])).said).not.toMatch(/Next: connectorctl apply(?!.*--allow-replace)/);
  });
});

describe('adoption 18: what is not what was reviewed', () => {
  it('is refused by name with the difference, in the run, its summary and the comment, while the rest is applied', async () => {
    const fixture = await openFlow({ files: { 'instances/two.yaml': definitionOf('Two') } });
    await fixture.plan();
    fixture.merge();
    fixture.rig.write('instances/two.yaml', definitionOf('Two').replace('username: two', 'username: bot10'));
    const end = await fixture.apply();
    expect(end.code).toBe(6);
    expect(fixture.platform.sandbox.instances().map(({ name }) => name)).toEqual(['One']);
    for (const text of [end.summary, fixture.bodies(5).at(-1)]) {
      expect(text?.replaceAll('\\', '')).toContain('username');
      expect(text).toContain('bot10');
      expect(text).toContain('two');
    }
  });
});
