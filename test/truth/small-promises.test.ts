import { existsSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { authorize, liveOf, openConsent } from '../support/consent-seat.ts';
import { describe, expect, it } from 'vitest';
import { isRespelling } from '../../src/model/respelling.ts';
import { type HostileWorld, openHostile } from '../support/hostile-world.ts';
import { openRig } from '../support/rig.ts';

const definition = (name: string, more = '') => `connector: actessentials
name: ${name}
configuration:
  base.url: https://app.act365.com/act/api
  username: Robot ${name}
  password: \${{ secrets.PASSWORD }}
${more}`;

const files = { 'a/one.yaml': definition('One'), 'a/two.yaml': definition('Two'), 'b.yaml': definition('Three') };

/** The command line in the folder of a world and against its platform. */
function cli({ rig, env }: HostileWorld, ...words: readonly string[]) {
  return rig.run(words, { env });
}

describe('init', () => {
  it('takes no environment for the embedded one because nobody says where it is', async () => {
    const rig = openRig();
    const { code, stderr } = await rig.run(['init', '--env', 'production,staging']);
    expect(code).toBe(3);
    expect(stderr).toContain('Nothing says on which platform production, staging are.');
    expect(stderr).toMatch(/^ *connectorctl init --env production,staging --platform https:\S+$/m);
    expect(existsSync(path.join(rig.directory, 'connectorctl.yaml'))).toBe(false);
    const made = await rig.run(['init', '--env', 'staging', '--platform', 'sandbox', '--no-workflows']);
    expect(made.code).toBe(0);
  });
});

describe('a command line that is not understood', () => {
  it.each([
    [['plan', '--bogus'], 'connectorctl plan --help'],
    [['catalog', 'pull', '--bogus'], 'connectorctl catalog pull --help'],
    [['--env', 'prod', 'drift', '--bogus'], 'connectorctl drift --help'],
    [['--bogus'], 'connectorctl --help'],
    [['nonsense'], 'connectorctl --help'],
  ])('names the help of its command: %s', async (words, help) => {
    const { code, stderr } = await openRig().run(words);
    expect(code).toBe(3);
    expect(stderr).toContain(`See: ${help}\n`);
  });
});

describe('adoption 21: a missing workspace', () => {
  it('comes with a sample that can be pasted', async () => {
    const { stderr } = await openRig().run(['plan']);
    expect(stderr).toMatch(/^( *)environments:\n\1 {2}sandbox:\n\1 {4}platform: sandbox$/m);
  });
});

describe('plan', () => {
  it('refuses --prune beside --only, which would drop it', async () => {
    const world = await openHostile({ files });
    const refused = await cli(world, 'plan', '--only', 'b', '--prune');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('--prune has no effect beside --only.');
    expect((await cli(world, 'apply', '--yes', '--only', 'b', '--prune')).code).toBe(3);
    expect(world.names()).toEqual([]);
  });

  it('overwrites nothing with --out but a plan', async () => {
    const world = await openHostile({ files });
    const at = (name: string) => path.join(world.rig.directory, name);
    for (const [name, text] of [
      ['notes.txt', 'mine\n'],
      ['package.json', '{"name": "mine"}\n'],
      ['list.json', '[]'],
    ] as const) {
      writeFileSync(at(name), text);
      const { code, stderr } = await cli(world, 'plan', '--out', name);
      expect(code).toBe(3);
      expect(stderr).toContain('is there already, and it is no plan');
      expect(readFileSync(at(name), 'utf8')).toBe(text);
    }
    symlinkSync('/dev/null', at('stdout'));
    const special = await cli(world, 'plan', '--out', 'stdout');
    expect(special).toMatchObject({ code: 3, stderr: expect.stringContaining('is no regular file') });
    expect(readlinkSync(at('stdout'))).toBe('/dev/null');
    writeFileSync(at('empty.json'), '');
    for (const name of ['empty.json', 'plan.json', 'plan.json']) {
      expect((await cli(world, 'plan', '--out', name)).code).toBe(0);
      expect(readFileSync(at(name), 'utf8')).toContain('"formatVersion"');
    }
  });

  it('names the variable of a grant that is missing (adoption 8)', async () => {
    const grant = 'connector: sharefile\nname: G\nconfiguration: {}\nproviderData: { code: "${{ secrets.CODE }}" }\n';
    const world = await openHostile({ files: { 'g.yaml': grant } });
    const { stdout } = await cli(world, 'plan', '--no-color');
    expect(stdout).toContain('Set CONNECTORCTL_SECRET_CODE to what comes back');
  });
});

function oneMore(count: number | undefined): number {
  return (count ?? 0) + 1;
}

describe('a total that counts too high for ever', () => {
  it('makes nothing of a part of the list, and the message names a way out', async () => {
    const world = await openHostile({ files, habits: [() => ({ total: oneMore })] });
    const { code, stderr } = await cli(world, 'apply', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('Nothing is decided from an incomplete list.');
    expect(stderr).toContain('use the credentials of a user who may see all instances of the account');
    expect(world.names()).toEqual([]);
  });
});

describe('adoption 8: an apply in which everything waits for a person', () => {
  const grant = 'connector: sharefile\nname: G\nconfiguration: {}\nproviderData: { code: "${{ secrets.CODE }}" }\n';

  it('is done, and says how many wait; asked for by name it is not', async () => {
    const world = await openHostile({ files: { 'g.yaml': grant } });
    const all = await cli(world, 'apply', '--yes', '--no-color');
    expect(all.code).toBe(0);
    expect(all.stdout).toContain('1 to authorize');
    expect((await cli(world, 'apply', '--yes', '--only', 'g')).code).toBe(5);
    expect((await cli(world, 'apply', '--yes', '--only', '*')).code).toBe(0);
  });
});

/** Two of three changed on the platform. */
async function drifted(): Promise<HostileWorld> {
  const world = await openHostile({ files });
  expect(await world.apply()).toMatchObject({ code: 0 });
  for (const { id, name } of world.platform.sandbox.instances()) {
    if (name !== 'Two') world.platform.sandbox.change(id, { configuration: { username: `moved ${name}` } });
  }
  return world;
}

describe('drift', () => {
  it('accepts by pattern, and goes on past what has nothing to accept', async () => {
    const world = await drifted();
    const first = await cli(world, 'drift', '--accept', 'a/*');
    expect(first.stdout).toContain('a/one: 1 field written');
    const second = await cli(world, 'drift', '--accept', 'a/one', 'b');
    expect(second.stdout).toContain('b: 1 field written');
    expect(second.stderr).toContain('Nothing to accept for a/one');
    const third = await cli(world, 'drift', '--accept', 'a/one', 'b');
    expect([third.code, third.stderr.includes('There is no drift to accept for a/one, b.')]).toEqual([3, true]);
    const unknown = await cli(world, 'drift', '--accept', 'a/oen');
    expect(unknown.stderr).toContain('Did you mean `a/one`?');
  });

  it('is not headed as a plan', async () => {
    const world = await drifted();
    const { stdout } = await cli(world, 'drift', '--format', 'markdown');
    expect(stdout).toMatch(/^### connectorctl drift: /);
  });

  it('of a definition that was never applied is undone by nothing', async () => {
    const world = await openHostile({ files });
    const { code, stdout } = await cli(world, 'drift', '--no-color');
    expect(code).toBe(2);
    expect(stdout).not.toContain('Undo it');
    expect(stdout).toContain('Create it:  connectorctl apply');
  });

  it('of a conflict names no apply, which would leave it alone', async () => {
    const world = await openHostile({ files: { 'a.yaml': definition('One', 'adopt: 4711\n') } });
    const { code, stdout } = await cli(world, 'drift', '--no-color');
    expect([code, stdout.includes('connectorctl apply')]).toEqual([2, false]);
    expect(stdout).toContain('Correct the id in `adopt:`');
  });

  it('of an instance that waits for a person names no apply, which would leave it alone', async () => {
    const world = await openConsent();
    const never = await cli(world, 'drift', '--no-color');
    expect(never.stdout).toMatch(/\nLog it in:  connectorctl authorize (--env test )?docs\n$/);
    await authorize(world);
    world.platform.sandbox.change(liveOf(world).id, { disabled: true });
    const { code, stdout } = await cli(world, 'drift', '--no-color');
    expect([code, stdout.includes('connectorctl apply')]).toEqual([2, false]);
    expect(stdout).toMatch(/\nLog it in:  connectorctl authorize (--env test )?docs\n$/);
  });
});

describe('a number in another spelling', () => {
  it.each([
    ['12345678901234567890', '12345678901234567891', false],
    ['9007199254740993', '9007199254740992', false],
    ['0.1', '0.10000000000000000001', false],
    ['1', '2', false],
    ['15', '15.0', true],
    ['1e3', '1000', true],
    ['007', '7', true],
    ['.5', '0.50', true],
    ['-0', '0', true],
  ])('%s and %s: %s', (wanted, shown, isSame) => {
    expect(isRespelling(wanted, shown)).toBe(isSame);
  });
});
