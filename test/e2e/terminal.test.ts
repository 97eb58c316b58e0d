import { describe, expect, it } from 'vitest';
import { redrawnProgress } from '../../src/cli/progress.ts';
import type { Ended } from '../support/rig.ts';
import { openWorld, type World, definitionOf } from '../support/world.ts';

const escape = '\u001b';
const colourful = { FORCE_COLOR: '1', TERM: 'xterm-256color' };

/** Command lines that end in all ways: results, problems, refusals, usage errors, help. */
const commands: readonly (readonly string[])[] = [
  ['validate'],
  ['validate', '--config', 'broken.yaml'],
  ['plan', '--verbose'],
  ['apply'],
  ['apply', '--yes', '--verbose'],
  ['convert', 'body.json'],
  ['convert', 'connectorctl.yaml'],
  ['plan', '--detailed-exit'],
  ['--help'],
  ['plan', '--help'],
  [],
];

async function openSample(): Promise<World> {
  const files = {
    'broken.yaml': 'version: 2\n',
    'body.json': '{ "element": { "key": "actessentials" }, "name": "<NAME>", "configuration": {} }',
  };
  // The name of the account would colour a terminal.
  const account = { id: 1, name: `${escape}[31mAcme` };
  return openWorld({
    files,
    before: ({ path }) => (path.endsWith('/organizations/me') ? { json: account } : undefined),
  });
}

async function runAll(
  words: readonly (readonly string[])[],
  env: Readonly<Record<string, string>>,
): Promise<readonly Ended[]> {
  const { rig, env: set } = await openSample();
  return Promise.all(words.map((command) => rig.run(command, { env: { ...set, ...env } })));
}

/** Which of the command lines wrote an escape character. */
async function colouredOf(
  words: readonly (readonly string[])[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const all = await runAll(words, env);
  return words
    .filter((_, index) => `${all[index]?.stdout}${all[index]?.stderr}`.includes(escape))
    .map((command) => command.join(' '));
}

describe('what is written where no terminal is', () => {
  it('holds no escape character, whatever the command', async () => {
    expect(await colouredOf(commands, { TERM: 'xterm-256color' })).toEqual([]);
  });

  it('holds no escape character in a CI either, which other programs take for a terminal with colours', async () => {
    expect(await colouredOf(commands, { CI: 'true', GITHUB_ACTIONS: 'true', TERM: 'xterm-256color' })).toEqual([]);
  });

  it('holds no escape character when NO_COLOR or --no-color is given, also where colours are forced', async () => {
    const few = commands.slice(1, 4);
    expect(await colouredOf(few, { ...colourful, NO_COLOR: '1' })).toEqual([]);
    const refusing = few.map((words) => words.concat('--no-color'));
    expect(await colouredOf(refusing, colourful)).toEqual([]);
    expect(
      await colouredOf(
        [
          ['--no-color', 'plan'],
          ['plan', '--nonsense', '--no-color'],
        ],
        colourful,
      ),
    ).toEqual([]);
  });

  it('is coloured where that is forced, but for what other programs read', async () => {
    const results = [
      ['validate', '--config', 'broken.yaml'],
      ['plan'],
      ['apply', '--yes'],
      ['plan', '--only', 'nobody'],
    ];
    expect(await colouredOf(results, { ...colourful, NO_COLOR: '' })).toEqual(results.map((words) => words.join(' ')));
    const documents = [
      ...['json', 'github', 'sarif', 'junit'].map((format) => [
        'validate',
        '--config',
        'broken.yaml',
        '--format',
        format,
      ]),
      ...['json', 'markdown'].map((format) => ['plan', '--format', format]),
    ];
    const all = await runAll(documents, colourful);
    expect(all.filter(({ stdout }) => stdout === '' || stdout.includes(escape))).toEqual([]);
  });

  it('is the result alone when it is to be quiet', async () => {
    const { rig, platform, env } = await openWorld();
    const { code, stdout, stderr } = await rig.run(['apply', '--yes', '--quiet', '--verbose'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('Applied: 3 created.');
    expect(stderr).toBe('');
    expect(platform.sandbox.instances()).toHaveLength(3);
  });
});

describe('progress that is redrawn', () => {
  it('ends also when the apply is over before it was drawn', async () => {
    const progress = await redrawnProgress([], {
      now: () => 0,
      every: () => () => {},
      verify: true,
      screen: process.stderr,
    });
    await expect(progress.end()).resolves.toBeUndefined();
  });
});

/** The built program with terminals for its outputs, as far as it can tell, and code that is loaded before it. */
function onTerminal(code = ''): Readonly<Record<string, string>> {
  const stage = `
    import tty from 'node:tty';
    tty.isatty = (descriptor) => descriptor > 0;
    for (const one of [process.stdout, process.stderr]) Object.assign(one, { isTTY: true, columns: 80 });
    ${code}`;
  return { TERM: 'xterm', NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stage)}` };
}

describe('the built program on a terminal', () => {
  it('draws the progress of an apply, with the instances in work, and ends with what was done', async () => {
    const { rig, env } = await openWorld();
    const { code, stdout, stderr } = await rig.start(['apply', '--yes'], { env: { ...env, ...onTerminal() } }).ended;
    expect(stderr).toContain('Changed 3 of 3 instances');
    expect(stdout).toContain('Applied: 3 created.');
    expect(code).toBe(0);
  });

  it('says what is wrong with it, also in the midst of a drawing, and shows the cursor again', async () => {
    const hidden = String.raw`\u001b[?25l`;
    const failing = `
      const { stderr } = process;
      const write = stderr.write.bind(stderr);
      stderr.write = (text, ...rest) => {
        if (String(text).includes('${hidden}')) setTimeout(() => { throw new Error('a made-up fault'); });
        return write(text, ...rest);
      };`;
    const { rig, env } = await openWorld();
    const { code, stderr } = await rig.start(['apply', '--yes'], { env: { ...env, ...onTerminal(failing) } }).ended;
    expect(stderr).toContain('a made-up fault');
    expect(stderr).toContain('This is a bug in connectorctl');
    expect(stderr.lastIndexOf(`${escape}[?25h`)).toBeGreaterThan(stderr.lastIndexOf(`${escape}[?25l`));
    expect(code).toBe(1);
  });
});

describe('an apply that nobody can be asked about', () => {
  it('is refused, and sends nothing', async () => {
    const { rig, platform, env } = await openWorld();
    // A yes that comes from a pipe is nobody's answer.
    const { code, stdout, stderr } = await rig.run(['apply'], { env, stdin: 'yes\n' });
    expect(code).toBe(6);
    expect(stdout).toContain('Plan: 3 to create');
    expect(stderr).toContain('connectorctl apply --env test --yes');
    expect(platform.writes()).toEqual([]);
  });
});

/** A door that holds requests back until it is opened, and tells when the first one stands before it. */
function makeDoor(): { readonly reached: Promise<void>; readonly opened: Promise<void>; reach(): void; open(): void } {
  const resolvers: { reach: () => void; open: () => void } = { reach: () => {}, open: () => {} };
  const reached = new Promise<void>((resolve) => (resolvers.reach = resolve));
  const opened = new Promise<void>((resolve) => (resolvers.open = resolve));
  return { reached, opened, reach: () => resolvers.reach(), open: () => resolvers.open() };
}

async function openSlowWorld(method: string): Promise<World & { readonly door: ReturnType<typeof makeDoor> }> {
  const door = makeDoor();
  const world = await openWorld({
    before: async (request) => {
      if (request.method !== method) return undefined;
      door.reach();
      await door.opened;
      return undefined;
    },
  });
  return { ...world, door };
}

describe('an apply that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s finishes what is under way and names what was not begun',
    async (signal) => {
      const { rig, platform, env, door } = await openSlowWorld('POST');
      const running = rig.start(['apply', '--yes', '--concurrency', '1', '--format', 'json'], { env });
      await door.reached;
      running.signal(signal);
      await running.stderrHas('Stopping');
      door.open();

      const { code, stdout, stderr } = await running.ended;
      expect(code).toBe(5);
      expect(JSON.parse(stdout)).toMatchObject({
        exitCode: 5,
        result: {
          interrupted: true,
          summary: { succeeded: 1, skipped: 2, failed: 0, unclear: 0 },
          outcomes: [
            { key: 'one', status: 'succeeded' },
            { key: 'three', status: 'skipped', reason: { code: 'interrupted' } },
            { key: 'two', status: 'skipped', reason: { code: 'interrupted' } },
          ],
        },
      });
      expect(stderr).toContain('three');
      expect(platform.sandbox.instances().map(({ name }) => name)).toEqual(['One']);

      // What was done is known: nothing is made twice.
      expect(await rig.run(['apply', '--yes'], { env })).toMatchObject({ code: 0 });
      expect(
        platform.sandbox
          .instances()
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(['One', 'Three', 'Two']);
    },
  );

  it('begins no more than the platform was given to bear, however many are to be made', async () => {
    const { rig, platform, env, door } = await openSlowWorld('POST');
    for (let n = 0; n < 60; n += 1) rig.write(`instances/many/${n}.yaml`, definitionOf(`Many ${n}`));
    const running = rig.start(['apply', '--yes', '--format', 'json'], { env });
    await door.reached;
    running.signal('SIGINT');
    await running.stderrHas('Stopping');
    door.open();
    const { code, stdout } = await running.ended;
    expect(code).toBe(5);
    const { result }: { readonly result: { readonly summary: { readonly skipped: number } } } = JSON.parse(stdout);
    expect(result.summary.skipped).toBeGreaterThan(50);
    expect(platform.sandbox.instances()).toHaveLength(63 - result.summary.skipped);
  });

  it('twice ends at once, and says that it cannot know', async () => {
    const { rig, env, door } = await openSlowWorld('POST');
    const running = rig.start(['apply', '--yes', '--concurrency', '1'], { env });
    await door.reached;
    running.signal('SIGINT');
    await running.stderrHas('Stopping');
    running.signal('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(5);
    expect(stderr).toContain('may or may not');
  });

  it('before it has read the platform makes nothing', async () => {
    const { rig, platform, env, door } = await openSlowWorld('GET');
    const running = rig.start(['apply', '--yes', '--format', 'json'], { env });
    await door.reached;
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 1, error: { code: 'interrupted' } });
    expect(platform.writes()).toEqual([]);
  });
});
