import { expect, it } from 'vitest';
import { runHosted } from '../support/cli-host.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';
import { definitionOf, openWorld } from '../support/world.ts';

it('tells the ids of unchanged instances in every JSON of plan and apply, however it ends', async () => {
  const { rig, env, platform } = await openWorld();
  const schema = compileSchema('output');
  const json = async (
    line: string,
  ): Promise<{ readonly unchanged?: readonly { readonly key: string; readonly id: string }[] }> => {
    const { stdout } = await runHosted(`${line} --format json`.split(' '), { cwd: rig.directory, env });
    expect(faultsOf(schema, JSON.parse(stdout))).toEqual([]);
    return JSON.parse(stdout);
  };
  expect((await json('apply --yes')).unchanged).toEqual([]);
  const idOf = (name: string) => String(platform.sandbox.instances().find((one) => one.name === name)?.id);
  const three = ['one', 'three', 'two'].map((key) => {
    const name = key.replace(/^./, (letter) => letter.toUpperCase());
    return { key, connector: 'actessentials', name, id: idOf(name) };
  });
  expect((await json('plan')).unchanged).toEqual(three);
  expect((await json('apply --yes')).unchanged).toEqual(three);
  // Nobody can be asked: it is declined.
  rig.write('instances/one.yaml', definitionOf('One').replace('username: one', 'username: other'));
  expect((await json('apply')).unchanged).toEqual(three.slice(1));
  expect((await json('apply --yes')).unchanged).toEqual(three.slice(1));
  expect((await json('plan --only one')).unchanged).toMatchObject([{ key: 'one' }]);
});
