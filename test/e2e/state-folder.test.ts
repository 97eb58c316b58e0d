import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runBounded } from '../../src/model/run-bounded.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { commitAll, git } from '../support/git.ts';
import { type Managed, openManaged } from '../support/managed.ts';
import { openRig, type Rig, sandboxWorkspace } from '../support/rig.ts';
import { watchWrites, type WrittenName } from '../support/watch-writes.ts';

type Step = (world: Managed) => Promise<unknown>;

/** Everything the tool does that leaves something behind, one after the other; what is refused stops nothing here. */
const demo: readonly Step[] = [
  async (world) => {
    const { rig } = world;
    const { environments, ...workspace } = JSON.parse(rig.read('connectorctl.yaml'));
    const box = { platform: 'sandbox' };
    rig.write('connectorctl.yaml', JSON.stringify({ ...workspace, environments: { ...environments, box } }));
    await world.run(['init']);
  },
  (world) => world.run(['plan', '--out', '.connectorctl/plan.json']),
  (world) => world.run(['apply', '--yes', '--record', '.connectorctl/run.jsonl', '.connectorctl/plan.json']),
  (world) => world.run(['apply', '--yes', '--record', '.connectorctl/run.jsonl']),
  async (world) => {
    const { rig } = world;
    attempt(() => rmSync(path.join(rig.directory, 'instances/one.yaml')));
    await world.run(['apply', '--yes', '--prune']);
  },
  (world) => world.run(['plan', '--env', 'box']),
  (world) => world.run(['apply', '--yes', '--env', 'box']),
  async (world) => {
    const { platform } = world;
    const configuration = { username: 'x', password: 'y' };
    platform.sandbox.seed({ connector: 'actessentials', name: 'Stranger', configuration });
    await world.run(['import', '--all', '--env', 'test']);
  },
  async ({ rig }) => {
    try {
      const sandbox = await startSandbox({ dataFile: path.join(rig.directory, '.connectorctl/server.jsonl') });
      sandbox.seed({ connector: 'actessentials', name: 'One', configuration: { username: 'x', password: 'y' } });
      await sandbox.close();
    } catch {
      // Refused.
    }
  },
];

async function runDemo(world: Managed, steps = demo): Promise<void> {
  for (const step of steps) await step(world);
}

function attempt(run: () => unknown): void {
  try {
    run();
  } catch {
    // A planted link stands in the way.
  }
}

function aFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'connectorctl-outside-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every name in a folder with what it holds. */
function contents(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const file = path.join(folder, name);
      return [name, lstatSync(file).isFile() ? readFileSync(file, 'utf8') : 'no file'];
    }),
  );
}

const anyDelete = { limits: { maxDeletePercent: 100 } };

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

async function plant(name: string, lead: 'file' | 'folder' | 'nothing', steps = demo): Promise<void> {
  const outside = aFolder();
  writeFileSync(path.join(outside, 'file'), '# The file of a user\n');
  mkdirSync(path.join(outside, 'folder'));
  const before = contents(outside);
  const world = await openManaged({ settings: anyDelete });
  const link = path.join(world.rig.directory, name);
  mkdirSync(path.dirname(link), { recursive: true, mode: 0o700 });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(path.join(outside, lead), link);
  await runDemo(world, steps);
  expect({ name, lead, outside: contents(outside) }).toEqual({ name, lead, outside: before });
  // A planted link is never taken for ours and replaced either.
  const isLeft = !name.startsWith('.connectorctl') || lstatSync(link).isSymbolicLink();
  expect({ name, isLeft }).toEqual({ name, isLeft: true });
}

/** A name, and each folder on the way to it. */
function listParts({ name }: WrittenName): readonly string[] {
  return name.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
}

describe('what the tool writes', () => {
  it('never goes through a link that a repository planted at one of its names', { timeout: 200_000 }, async () => {
    const world = await openManaged({ settings: anyDelete });
    const written: WrittenName[] = [];
    // Each name with the steps after the last of which nothing is written there any more.
    const names = new Map<string, readonly Step[]>();
    for (const [index, step] of demo.entries()) {
      const own = await watchWrites(world.rig.directory, async () => void (await step(world)));
      written.push(...own);
      for (const name of own.flatMap(listParts)) names.set(name, demo.slice(0, index + 1));
    }
    const random = [...names.keys()].filter((name) => uuid.test(name));
    expect(written.filter(({ name, isNew }) => uuid.test(name) && !isNew)).toEqual([]);
    expect(random.length).toBeGreaterThan(5);
    const planted = [...names.keys()].filter(
      (name) => !uuid.test(name) && !/^(?:\.github\/actions\/.|connectorctl\.yaml)/.test(name),
    );
    for (const expected of [
      '.connectorctl',
      '.connectorctl/apply-test.lock',
      '.connectorctl/box.jsonl',
      '.connectorctl/box.jsonl.lock',
      '.connectorctl/plan.json',
      '.connectorctl/run.jsonl',
      '.connectorctl/server.jsonl',
      '.connectorctl/deleted/test',
      '.connectorctl/pending/test',
      '.github/workflows',
      'instances',
    ]) {
      expect(planted).toContain(expected);
    }
    const folders = new Set([...names.keys()].map((name) => path.dirname(name)));
    // Each has a folder and a platform of its own, and waits most of the time.
    await runBounded(planted, 4, (name) => plant(name, folders.has(name) ? 'folder' : 'file', names.get(name)));
    for (const name of ['.connectorctl', '.connectorctl/box.jsonl', '.connectorctl/pending'])
      await plant(name, 'nothing');
  });
});

const workspace = {
  'connectorctl.yaml': sandboxWorkspace,
  'instances/one.yaml':
    'connector: actessentials\nname: One\nconfiguration:\n  username: one\n  password: ${{ secrets.PASSWORD }}\n',
};

const env = { CONNECTORCTL_SECRET_PASSWORD: 'pa55 word' };

/** What somebody committed for others to check out, told as its file, its text, and a command that would believe it. */
const committed = [
  ['.connectorctl/sandbox.jsonl', '{"torn', ['plan']],
  ['.connectorctl/sandbox.jsonl', '', ['plan']],
  ['.connectorctl/sandbox.jsonl.lock', '1', ['plan']],
  [
    '.connectorctl/apply-sandbox.lock',
    '{"id":"x","pid":1,"host":"h","place":"p","since":"2026-01-01T00:00:00Z"}',
    ['apply', '--yes'],
  ],
  ['.connectorctl/pending/sandbox/0123456789abcdef0123456789abcdef', 'a', ['apply', '--yes']],
  ['.connectorctl/plan.json', '{}', ['plan', '--out', '.connectorctl/plan.json']],
  ['.connectorctl/.gitignore', '*', ['apply', '--yes']],
] as const;

function aRepository(): Rig {
  const rig = openRig(workspace);
  rmSync(path.join(rig.directory, '.git'), { recursive: true });
  git(rig.directory, 'init', '--quiet', '--initial-branch=main');
  return rig;
}

describe('a state folder that git tracks', () => {
  it.each(committed)('is refused, and says how to go on: %s', async (file, text, command) => {
    for (const version of ['2', '4']) {
      const rig = aRepository();
      git(rig.directory, 'config', 'index.version', version);
      rig.write('.connectorctk', 'Next to it in the index.');
      rig.write(file, text);
      git(rig.directory, 'add', '--all', '--force');
      commitAll(rig.directory);
      // As the tool itself makes them: only the index tells.
      makePrivate(path.join(rig.directory, '.connectorctl'));
      const before = contents(rig.directory);
      const refused = await rig.run(command, { env });
      expect(refused.code).toBe(3);
      expect(refused.stderr).toContain(`Git tracks ${file}`);
      expect(refused.stderr).toContain('  git rm -r --cached .connectorctl\n');
      expect(refused.stderr).toContain('  .connectorctl/\n');
      expect(contents(rig.directory)).toEqual(before);

      git(rig.directory, 'rm', '-r', '--quiet', '--cached', '.connectorctl');
      rmSync(path.join(rig.directory, '.connectorctl'), { recursive: true });
      expect(await rig.run(command, { env })).toMatchObject({ code: 0 });
    }
  });

  it('stops no apply that holds the lock itself, in a folder below the root of the repository too', async () => {
    const rig = aRepository();
    for (const [file, text] of Object.entries(workspace)) rig.write(`teams/a/${file}`, text);
    const command = ['apply', '--yes', '--config', 'teams/a/connectorctl.yaml'];
    expect(await rig.run(command, { env })).toMatchObject({ code: 0 });
    git(rig.directory, 'add', '--force', 'teams/a/.connectorctl');
    expect(await rig.run(command, { env })).toMatchObject({ code: 3 });
  });
});

function makePrivate(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) makePrivate(place);
    else chmodSync(place, 0o600);
  }
}

describe('what somebody else put into the state folder', () => {
  it.each(committed)('is not taken for ours: %s', async (file, text, command) => {
    const rig = openRig(workspace);
    const place = path.join(rig.directory, file);
    mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
    writeFileSync(place, text, { mode: 0o644 });
    // The fence is the mode: git and archives do not give 0600 to what they unpack.
    const { code, stderr } = await rig.run(command, { env });
    // Two that are never read, nor written at that name.
    const isUsed = !file.endsWith('.gitignore') && !file.includes('/pending/');
    expect({ code, isNamed: stderr.includes('was not made by connectorctl for this user') }).toEqual({
      code: isUsed ? 3 : 0,
      isNamed: isUsed,
    });
    expect(readFileSync(place, 'utf8')).toBe(text);
  });

  it('is not taken for ours when the whole folder was unpacked', async () => {
    const rig = openRig({ ...workspace, '.connectorctl/notes.txt': 'x' });
    chmodSync(path.join(rig.directory, '.connectorctl'), 0o755);
    expect(await rig.run(['plan'], { env })).toMatchObject({ code: 3 });
    chmodSync(path.join(rig.directory, '.connectorctl'), 0o700);
    expect(await rig.run(['plan'], { env })).toMatchObject({ code: 0 });
  });

  it.each([
    ['{"op":"start","version":1,"seed":5,"nextId":1,"usedCodes":[]}\n'],
    ['{"op":"start","version":1}\n'],
    ['{"op":"start","version":1,"seed":"s","nextId":-1,"usedCodes":[]}\n'],
    ['{"op":"start","version":1,"seed":"s","nextId":1,"usedCodes":[]}\n{"op":"put","instance":{"id":1}}\n'],
    ['{"op":"start","version":1,"seed":"s","nextId":1,"usedCodes":[]}\n{"op":"delete","id":"1"}\n'],
    ['{"op":"start","version":1,"seed":"s","nextId":1,"usedCodes":[]}\n{"op":"\u001b]0;x\u0007"}\n'],
  ])('is data that is read strictly, even with the right mode: %s', async (text) => {
    const rig = openRig(workspace);
    mkdirSync(path.join(rig.directory, '.connectorctl'), { mode: 0o700 });
    writeFileSync(path.join(rig.directory, '.connectorctl/sandbox.jsonl'), text, { mode: 0o600 });
    const { code, stderr } = await rig.run(['plan'], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/sandbox-file-damaged|is damaged/);
    expect(stderr).not.toContain('\u001b]');
  });

  it('does not hold an apply for ever: a lock from far in the future is taken over', async () => {
    const rig = openRig(workspace);
    mkdirSync(path.join(rig.directory, '.connectorctl'), { mode: 0o700 });
    const lock = path.join(rig.directory, '.connectorctl/apply-sandbox.lock');
    const owner = { id: 'x', pid: 1, host: '\u001b]0;x\u0007', place: 'p', since: '2026-01-01T00:00:00.000Z' };
    writeFileSync(lock, JSON.stringify(owner), { mode: 0o600 });
    const future = Date.now() / 1000 + 1e9;
    utimesSync(lock, future, future);
    const { code, stderr } = await rig.run(['apply', '--yes'], { env });
    expect(code).toBe(0);
    expect(stderr).toContain('Took over the lock');
  });
});

describe('a checkout', () => {
  it('below a folder that is a link is nothing unusual', async () => {
    const rig = openRig(workspace);
    const home = path.join(aFolder(), 'home');
    symlinkSync(path.dirname(rig.directory), home);
    const config = path.join(home, path.basename(rig.directory), 'connectorctl.yaml');
    expect(await rig.run(['plan', '--config', config], { env })).toMatchObject({ code: 0 });
  });

  it('may not bring a link on the way to the state folder', async () => {
    const rig = openRig();
    const outside = aFolder();
    for (const [file, text] of Object.entries(workspace)) {
      mkdirSync(path.dirname(path.join(outside, file)), { recursive: true });
      writeFileSync(path.join(outside, file), text);
    }
    symlinkSync(outside, path.join(rig.directory, 'team'));
    expect((await rig.run(['plan', '--config', 'team/connectorctl.yaml'], { env })).code).toBe(3);
    expect(readdirSync(outside)).toEqual(Object.keys(workspace).map((file) => file.split('/')[0]));
  });
});
