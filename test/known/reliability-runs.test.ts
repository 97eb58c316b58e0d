import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answersInstead, garbage, killAtWrite } from '../support/hostile-habits.ts';
import { expectSettled, type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { openManaged, removed } from '../support/managed.ts';
import { cli } from '../support/rig.ts';
import { definitionOf } from '../support/world.ts';

const people = ['Ann', 'Ben', 'Cid'];

const files = Object.fromEntries(people.map((name) => [`${name.toLowerCase()}.yaml`, definitionOf(name)]));

const forms = Object.entries(garbage);

const isList = ({ method, path: where }: { readonly method: string; readonly path: string }) =>
  method === 'GET' && where.endsWith('/instances');

const isPostOfAnn = ({ method, body }: { readonly method: string; readonly body: string }) =>
  method === 'POST' && body.includes('Ann');

describe('reliability 10: an answer that is no HTTP', () => {
  it.each(forms)('to a list ends in words, not in a crash: %s', async (_, raw) => {
    const world = await openHostile({ files, habits: [answersInstead({ raw }, isList, Infinity)] });
    const { result, said } = await world.plan();
    expect(result.kind).toBe('stopped');
    expect(said).not.toMatch(/fault in connectorctl/i);
  });

  it.each(forms)('to one POST leaves the others alone, and the table whole: %s', async (_, raw) => {
    const world = await openHostile({ files, habits: [answersInstead({ raw }, isPostOfAnn)] });
    const applied = await world.apply();
    expect(Object.keys(applied.statuses).toSorted()).toEqual(['ann', 'ben', 'cid']);
    expect(applied.statuses).toMatchObject({ ben: 'succeeded', cid: 'succeeded' });
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(world.names()).toEqual(people);
    await expectSettled(world);
  });

  it('prints no stack trace', async () => {
    const world = await openManaged({
      before: (request) => (isList(request) ? { raw: garbage['line feeds only'] } : undefined),
    });
    const { code, stdout, stderr } = await world.run(['plan']);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+/m);
    expect(stdout + stderr).not.toMatch(/fault in connectorctl/i);
  });
});

describe('reliability 11: a replace that was killed', () => {
  const other = 'connector: closeio\nname: Ann\nconfiguration:\n  username: ann\n';
  // The old one gives its key away, the new one is made, the old one goes.
  const points = [0, 1, 2].flatMap((write) => (['before', 'after'] as const).map((moment) => ({ write, moment })));

  it.each([true, false].flatMap((prune) => points.map(({ write, moment }) => ({ write, moment, prune }))))(
    'ends in one connection when it is run again: killed $moment write $write, prune $prune',
    async ({ write, moment, prune }) => {
      const settings = { prune, limits: { maxDeletePercent: 100 } };
      const world = await openHostile({ files: { 'ann.yaml': definitionOf('Ann') }, settings });
      expect(await world.apply()).toMatchObject({ code: 0 });
      world.rig.write('instances/ann.yaml', other);
      const again = world.checkout({ 'instances/ann.yaml': other });

      const kill = killAtWrite(write, moment);
      world.platform.set(kill.habit);
      const killed = world.apply({ allowReplace: true }).catch(() => {});
      await Promise.race([kill.happened, killed]);
      world.platform.set();
      await again.apply({ allowReplace: true });
      expect(world.platform.sandbox.instances().map(({ connector, name }) => `${connector} ${name}`)).toEqual([
        'closeio Ann',
      ]);
      await expectSettled(again);
    },
  );
});

/** Gives values to all secrets that an import made references to. */
async function importAll(world: HostileWorld): Promise<Awaited<ReturnType<HostileWorld['importAll']>>> {
  const did = await world.importAll();
  const { result } = did;
  const secrets = result.kind === 'imported' ? result.definitions.flatMap((one) => one.secrets) : [];
  for (const name of secrets) world.env[`CONNECTORCTL_SECRET_${name}`] = `value of ${name}`;
  return did;
}

const sameName = { connector: 'actessentials', name: 'API Instance', configuration: { username: 'x', password: 'y' } };

describe('reliability 12: instances of one connector and name', () => {
  it('are imported into a workspace that is valid, and adopted one by one', async () => {
    const world = await openHostile({ files: {} });
    for (const username of ['a', 'b', 'c']) {
      world.platform.sandbox.seed({ ...sameName, configuration: { username, password: 'y' } });
    }
    const before = world.platform.sandbox
      .instances()
      .map(({ id, configuration }) => `${id} ${configuration['username']}`);
    expect(await importAll(world)).toMatchObject({ code: 0 });
    const { changes } = await world.plan();
    expect(changes.map((change) => change.split(' ')[0])).toEqual(['adopt', 'adopt', 'adopt']);
    expect(await world.apply()).toMatchObject({ code: 0 });
    expect(
      world.platform.sandbox.instances().map(({ id, configuration }) => `${id} ${configuration['username']}`),
    ).toEqual(before);
    await expectSettled(world);
  });
});

describe('reliability 13: an import that is run again', () => {
  it('goes on past definitions that wait for their secrets', async () => {
    const world = await openHostile({ files: {} });
    world.platform.sandbox.seed({ ...sameName, name: 'First' });
    expect(await world.importAll()).toMatchObject({ code: 0 });
    const { id } = world.platform.sandbox.seed({ ...sameName, name: 'Second' });
    const again = await world.importAll();
    const { result } = again;
    expect(again.code).toBe(0);
    const written = result.kind === 'imported' ? result.definitions.filter(({ status }) => status === 'written') : [];
    expect(written.map((one) => one.id)).toEqual([String(id)]);
  });
});

/** Runs the built command with a stdout that nobody reads, or that is a full disk. */
async function runUnread(
  words: readonly string[],
  {
    cwd,
    env,
    isFull,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly isFull: boolean },
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const stdout = isFull ? openSync('/dev/full', 'w') : ('pipe' as const);
  const child = spawn(process.execPath, [cli, ...words], {
    cwd,
    env: { ...env, PATH: '' },
    stdio: ['ignore', stdout, 'pipe'],
  });
  child.stdout?.destroy();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, stderr };
}

describe('reliability 15 and peers F10: nobody reads the output', () => {
  it('an apply is carried out all the same, with its own exit code and no stack trace', async () => {
    const world = await openManaged();
    const options = { cwd: world.rig.directory, env: world.env, isFull: false };
    const { code, stderr } = await runUnread(['apply', '--yes'], options);
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(code).toBe(0);
    expect(world.platform.sandbox.instances()).toHaveLength(3);
  });

  it('a plan keeps its exit code', async () => {
    const world = await openManaged();
    const options = { cwd: world.rig.directory, env: world.env, isFull: false };
    const { code, stderr } = await runUnread(['plan', '--detailed-exitcode'], options);
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(code).toBe(2);
  });

  it('a full disk behind it is an error in words', async () => {
    const world = await openManaged({ files: removed('two', 'three') });
    const { code, stderr } = await runUnread(['plan'], { cwd: world.rig.directory, env: world.env, isFull: true });
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).toMatch(/ENOSPC|no space/i);
    expect(code).toBe(1);
  });
});
