import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Ended, RunOptions } from '../support/rig.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';

// Most tests run the command line in this process. These prove that the built one says and does the same in one of its own.

/** One or two command lines for each command. */
interface Sample extends RunOptions {
  readonly words: readonly string[];
  readonly code: number;
  readonly files?: WorldOptions['files'];
}

const noWorkspace = { 'connectorctl.yaml': undefined };

const body = '{ "element": { "key": "actessentials" }, "name": "From a body", "configuration": { "username": "me" } }';

const samples: readonly Sample[] = [
  { words: ['validate'], code: 0 },
  { words: ['validate', '--config', 'broken.yaml', '--format', 'json'], code: 3 },
  { words: ['plan', '--detailed-exitcode'], code: 2 },
  { words: ['plan', '--format', 'markdown', '--verbose'], code: 0 },
  { words: ['apply', '--yes', '--concurrency', '1'], code: 0 },
  { words: ['apply'], stdin: 'yes\n', code: 6 },
  { words: ['drift'], code: 2 },
  { words: ['import', '--all'], code: 0 },
  { words: ['convert', '-'], stdin: body, code: 0 },
  { words: ['history', 'nowhere.jsonl'], code: 3 },
  { words: ['init', '--no-workflows'], files: noWorkspace, code: 0 },
  { words: ['sandbox', '--fault', 'nonsense'], code: 3 },
  { words: ['validate', 'instances/one.yaml'], env: { FORCE_COLOR: '1', TERM: 'xterm' }, code: 0 },
  { words: ['plan', '--nonsense'], env: { FORCE_COLOR: '1', TERM: 'xterm' }, code: 3 },
  { words: ['plan', '--help'], code: 0 },
  { words: ['--version'], code: 0 },
  { words: [], code: 0 },
];

/** What one run can never share with another: where it ran, how long it took, and what is made from that. */
function withoutChance({ stdout, stderr, code, signal }: Ended, { rig, platform }: World): Ended {
  const mask = (text: string) =>
    text
      .replaceAll(rig.directory, 'FOLDER')
      .replaceAll(`127.0.0.1:${new URL(platform.origin).port}`, 'PLATFORM')
      .replaceAll(/\b[\da-f]{12,64}\b/g, 'DIGEST')
      .replaceAll(/\d+ ms/g, 'TIME')
      .replaceAll(/ {2,}request \S+/g, '  request ID');
  // Requests of one command run beside each other.
  return { code, signal, stdout: mask(stdout), stderr: mask(stderr).split('\n').toSorted().join('\n') };
}

async function openSample(files: WorldOptions['files'] = {}): Promise<World> {
  return openWorld({ files: { 'broken.yaml': 'version: 2\n', ...files } });
}

describe('a command in a process of its own', () => {
  it.each(samples)(
    'says and ends as it does in this one: $words',
    async ({ words, code, files, stdin = '', env = {} }) => {
      const [own, shared] = [await openSample(files), await openSample(files)];
      const options = ({ env: set }: World): RunOptions => ({ stdin, env: { ...set, ...env } });
      const inProcess = await own.rig.start(words, options(own)).ended;
      const here = await shared.rig.run(words, options(shared));
      expect(withoutChance(here, shared)).toEqual(withoutChance(inProcess, own));
      expect(here.code).toBe(code);
      expect(shared.platform.writes()).toEqual(own.platform.writes());
    },
  );
});

describe('a command in this process', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('knows nothing of what the developer has set', async () => {
    for (const [name, value] of Object.entries({ FORCE_COLOR: '1', TERM: 'xterm', CI: 'true' }))
      vi.stubEnv(name, value);
    vi.stubEnv('CONNECTORCTL_USER_SECRET', 'mine');
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
    const { rig, env } = await openSample();
    const planned = await rig.run(['plan'], { env });
    expect(planned).toMatchObject({ code: 0 });
    expect(planned.stdout).not.toContain('\u001b');
    const { CONNECTORCTL_USER_SECRET: _secret, ...less } = env;
    expect((await rig.run(['plan'], { env: less })).stderr).toContain('CONNECTORCTL_USER_SECRET is not set.');
  });

  it('remembers nothing of the command before it', async () => {
    const { rig, env } = await openSample();
    const plain = await rig.run(['plan'], { env });
    const coloured = await rig.run(['plan'], { env: { ...env, FORCE_COLOR: '1', TERM: 'xterm' } });
    expect(coloured.stdout).toContain('\u001b');
    expect(await rig.run(['plan'], { env })).toEqual(plain);
    expect(await rig.run(['plan', '--nonsense'], { env })).toMatchObject({ code: 3 });
    expect(await rig.run(['plan'], { env })).toEqual(plain);
  });
});
