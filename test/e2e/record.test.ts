import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { decodeRunEvent } from '../../src/disk/run-record-line.ts';
import type { RunEvent } from '../../src/model/run-record.ts';
import { unseenCharacters } from '../support/foreign-text.ts';
import type { Answer, ReceivedRequest } from '../support/http-server.ts';
import { findLeaks, secretForms } from '../support/leaks.ts';
import { openManaged } from '../support/managed.ts';
import { remoteWorkspace, startPlatform } from '../support/platform.ts';
import { cli, openRig, type Rig } from '../support/rig.ts';
import { findTextFlaws } from '../support/text-flaws.ts';
import { definitionOf, openWorld, refusing } from '../support/world.ts';

const recorded = ['apply', '--yes', '--record', 'record.jsonl'];

/** All events of a record; a line that is none fails the test. */
function eventsOf(rig: Rig): readonly RunEvent[] {
  const lines = rig.read('record.jsonl').trimEnd().split('\n');
  return lines.map((line) => {
    const event = decodeRunEvent(line);
    if (event === undefined || event.event === 'unknown') throw new Error(`No event: ${line}`);
    return event;
  });
}

function kindsOf(events: readonly RunEvent[], key: string): readonly string[] {
  return events.flatMap((event) => ('key' in event && event.key === key ? [event.event] : []));
}

describe('an apply that is recorded', () => {
  it('tells all that it did, in a file that only its owner may read, and the next one is told behind it', async () => {
    const world = await openManaged();
    const { rig } = world;
    await world.apply('--record', 'record.jsonl');
    expect(statSync(path.join(rig.directory, 'record.jsonl')).mode & 0o777).toBe(0o600);

    const first = eventsOf(rig);
    expect(first[0]).toMatchObject({
      event: 'run-started',
      workspace: 'acme',
      environment: 'test',
      planned: { create: 3 },
    });
    expect(first.at(-1)).toMatchObject({
      event: 'run-ended',
      exitCode: 0,
      counts: { succeeded: 3 },
      interrupted: false,
    });
    // The look before the create, the tags that name the instance, and its ping are about it as well. On a slow machine there is another look
    // before the tags.
    const kinds = kindsOf(first, 'one');
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'started',
      'request',
      'request-sent',
      'request',
      'request-sent',
      'request',
      'outcome',
    ]);
    expect(first.find((event) => event.event === 'outcome' && event.key === 'two')).toMatchObject({
      id: String(world.live('Two').id),
      status: 'succeeded',
    });

    rig.write('instances/moved.yaml', definitionOf('Two'));
    rmSync(path.join(rig.directory, 'instances/two.yaml'));
    await world.apply('--record', 'record.jsonl');
    await world.apply('--record', 'record.jsonl');
    expect(new Set(eventsOf(rig).map((event) => event.run)).size).toBe(3);

    const text = await world.run(['history', 'record.jsonl', 'moved']);
    expect(text.code).toBe(0);
    expect(text.said).toMatch(/two created id \d+ .*applied: 1 succeeded.*moved moved id \d+ .* formerly two/);
    expect(text.stdout).not.toContain('Three');
    const all = await world.run(['history', 'record.jsonl']);
    expect(all.said).toContain('nothing to do (exit code 0');
    expect(all.sent).toEqual([]);
    expect(findTextFlaws(all.stdout, 120)).toEqual([]);
  });

  it('tells what failed and why, and history shows that alone', async () => {
    const world = await openManaged({ before: refusing('Two') });
    const { rig } = world;
    const did = await world.run(recorded);
    expect(did.code).toBe(5);
    expect(eventsOf(rig).at(-1)).toMatchObject({ exitCode: 5, counts: { succeeded: 2, failed: 1 } });
    const failed = await world.run(['history', 'record.jsonl', '--failed', '--format', 'json']);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      command: 'history',
      exitCode: 0,
      history: {
        filtered: true,
        runs: [
          {
            cutOff: false,
            unanswered: [],
            instances: [
              {
                key: 'two',
                steps: [
                  { method: 'GET', path: '/instances' },
                  { method: 'POST', path: '/instances', status: 400 },
                ],
                ended: { status: 'failed', failure: { message: expect.stringContaining('Login failed') } },
              },
            ],
          },
        ],
      },
    });
  });

  it('tells that a limit stopped it, and that nothing was sent', async () => {
    const world = await openManaged({ settings: { limits: { maxChangePercent: 0 } } });
    const { rig } = world;
    const declined = await world.run(['apply', '--record', 'record.jsonl']);
    expect(declined).toMatchObject({ code: 6, sent: [] });
    expect(eventsOf(rig).map(({ event }) => event)).toEqual(['run-started', 'run-ended']);
    expect((await world.run(['history', 'record.jsonl'])).said).toContain('not applied (exit code 6');
  });

  it('names who ran it in GitHub Actions and where', async () => {
    const world = await openManaged();
    const { rig } = world;
    const github = {
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTOR: 'alice',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/integrations',
      GITHUB_RUN_ID: '42',
    };
    expect(await world.run(recorded, github)).toMatchObject({ code: 0 });
    expect(eventsOf(rig)[0]).toMatchObject({
      actor: 'alice',
      job: 'https://github.com/acme/integrations/actions/runs/42',
    });
  });
});

describe('an apply that is killed', () => {
  it('leaves lines that can all be read, with the write that nobody saw the answer of', async () => {
    const door: { reach: () => void } = { reach: () => {} };
    const reached = new Promise<void>((resolve) => (door.reach = resolve));
    const { rig, env } = await openWorld({
      before: ({ method, body }) => {
        if (method !== 'POST' || !body.includes('"Three"')) return undefined;
        door.reach();
        return { fault: 'hang' };
      },
    });
    const running = rig.start([...recorded, '--concurrency', '1'], { env });
    await reached;
    running.signal('SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');

    const events = eventsOf(rig);
    expect(kindsOf(events, 'one').at(-1)).toBe('outcome');
    expect(kindsOf(events, 'three')).toEqual(['started', 'request', 'request-sent']);
    const { code, stdout } = await rig.run(['history', 'record.jsonl', '--failed']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/incomplete[\s\S]*Sent but never answered[\s\S]*three +POST \/instances +sent \d/);

    // As if the machine had stopped in the middle of the line.
    const file = path.join(rig.directory, 'record.jsonl');
    truncateSync(file, statSync(file).size - 10);
    const torn = await rig.run(['history', 'record.jsonl']);
    expect(torn).toMatchObject({ code: 0, stderr: expect.stringMatching(/record\.jsonl:\d+.*[\s\S]*is incomplete/) });
    const blocked = await rig.run([...recorded, '--only', 'one'], { env });
    expect(blocked.code).toBe(0);
    expect(
      rig
        .read('record.jsonl')
        .split('\n')
        .filter((line) => line !== '' && decodeRunEvent(line) === undefined),
    ).toHaveLength(1);
  });
});

describe('two that record into one file at the same time', () => {
  it('do not mix their lines', async () => {
    const [one, other] = await Promise.all([openWorld(), openWorld()]);
    const file = path.join(one.rig.directory, 'record.jsonl');
    const both = [one, other].map(({ rig, env }) => rig.run(['apply', '--yes', '--record', file], { env }));
    expect((await Promise.all(both)).map(({ code }) => code)).toEqual([0, 0]);
    const events = eventsOf(one.rig);
    const runs = [...new Set(events.map(({ run }) => run))];
    expect(runs).toHaveLength(2);
    for (const run of runs) {
      const own = events.filter((event) => event.run === run);
      expect(own.filter(({ event }) => event === 'request-sent')).toHaveLength(6);
      expect(own.filter(({ event }) => event === 'outcome')).toHaveLength(3);
      expect(own.at(-1)).toMatchObject({ event: 'run-ended', counts: { succeeded: 3 } });
    }
  });
});

/** Runs with a disk on which a file may have so many blocks of 512 bytes. */
async function runWithin(blocks: number, rig: Rig, env: Readonly<Record<string, string>>) {
  const script = `ulimit -f ${blocks}; exec "$@"`;
  const words = ['-c', script, 'sh', process.execPath, cli, ...recorded, '--format', 'json', '--quiet'];
  const options = { cwd: rig.directory, env: { PATH: process.env['PATH'], ...env } };
  try {
    return { code: 0, ...(await promisify(execFile)('sh', words, options)) };
  } catch (error) {
    if (error instanceof Error && 'stderr' in error && 'code' in error)
      return { stdout: String(Reflect.get(error, 'stdout')), stderr: String(error.stderr), code: error.code };
    throw error;
  }
}

describe('a record that cannot be written', () => {
  it.each([
    ['a folder', (file: string) => mkdirSync(file)],
    ['a link', (file: string) => symlinkSync('elsewhere', file)],
    ['below a file', (file: string) => writeFileSync(path.dirname(file), '')],
  ])('stops the apply before anything is sent: %s', async (_name, make) => {
    const { rig, platform, env } = await openWorld();
    const file = path.join(rig.directory, 'records/record.jsonl');
    if (_name !== 'below a file') mkdirSync(path.dirname(file));
    make(file);
    const { code, stderr } = await rig.run(['apply', '--yes', '--record', file], { env });
    expect(code).toBe(3);
    expect(stderr).toContain('Nothing was sent.');
    expect(platform.requests).toEqual([]);
  });

  it('from the first line on stops the apply before any write is sent', async () => {
    const { rig, platform, env } = await openWorld();
    rig.write('record.jsonl', '\n'.repeat(1024));
    const { code, stdout } = await runWithin(2, rig, env);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 3, error: { code: 'record-not-written' } });
    expect(platform.writes()).toEqual([]);
  });

  it('from some line on does not stop the apply, and is said once, also in the result', async () => {
    const { rig, platform, env } = await openWorld();
    const { code, stdout, stderr } = await runWithin(2, rig, env);
    expect(code).toBe(0);
    expect(platform.sandbox.instances()).toHaveLength(3);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, recordGap: { lines: expect.any(Number) } });
    expect(stderr.split('is not complete')).toHaveLength(2);
    expect((await rig.run(['history', 'record.jsonl'])).code).toBe(0);
  });
});

describe('history', () => {
  it('says what it cannot read, and ends with 3', async () => {
    const rig = openRig({ 'text.txt': 'no record\n', 'empty.jsonl': '' });
    const ended = async (...words: readonly string[]) => rig.run(['history', ...words]);
    expect(await ended('text.txt')).toMatchObject({ code: 3, stderr: expect.stringContaining('not a run record') });
    expect(await ended('.')).toMatchObject({ code: 3, stderr: expect.stringContaining('holds no run record') });
    expect(await ended('gone.jsonl')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('nothing at this path'),
    });
    expect(await ended('empty.jsonl', '--since', 'noon')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('UTC'),
    });
    expect(await ended('empty.jsonl')).toMatchObject({
      code: 0,
      stdout: 'Nothing has been recorded yet.\n',
      stderr: '',
    });
  });
});

/** Secrets of the account and of a definition, as they may look. */
const secrets = {
  userSecret: String.raw`us3r"\/+=<&>'canary`,
  organizationSecret: `0rg-canary/${'abcDEF0123456789+/'.repeat(3)}==`,
  password: String.raw`cli3nt "\/+= pässwörd 😀 <&>'`,
} as const;
const forms = Object.values(secrets).flatMap((secret) => Array.from(secretForms(secret).values()));
const hostile = '\u001b[31m red\n::error::x ##[group]\u202e';

/** An instance whose definition is gone, so that all that is known of it was written by a stranger. */
const orphan = {
  id: 7,
  element: { key: 'actessentials' },
  name: `${hostile} ${forms.join(' ')}`,
  tags: ['connectorctl/acme/test', `connectorctl/acme/test/${hostile}${forms.join(' ')}~replaced`],
  configuration: { region: 'eu' },
};

/** Repeats everything it knows wherever it may write, with what would act on a terminal. */
function tellAll({ method, path: asked, body }: ReceivedRequest, index: number): Answer | undefined {
  if (asked.endsWith('/organizations/me')) return { json: { id: 1, name: `${hostile} ${forms.join(' ')}` } };
  if (method === 'GET') return asked.endsWith('/instances') ? { json: [orphan] } : undefined;
  const turned = [...forms.slice(index % forms.length), ...forms.slice(0, index % forms.length)].join(' ');
  const said = `${hostile} ${turned} ${body}`;
  return {
    status: 400,
    headers: { 'elements-request-id': encodeURIComponent(secrets.userSecret) },
    json: { message: said, requestId: secrets.password },
  };
}

describe('neither a record nor its history', () => {
  it('holds a secret, or anything that acts on a terminal, whatever the platform answers', async () => {
    const { userSecret, organizationSecret } = secrets;
    const count = { requests: 0 };
    const platform = await startPlatform({
      userSecret,
      organizationSecret,
      before: (request) => tellAll(request, (count.requests += 1)),
    });
    const rig = openRig({
      'connectorctl.yaml': remoteWorkspace(platform.origin),
      'instances/n0.yaml': definitionOf('One').replace('name: One', 'name: "::error::x ##[group]"'),
      'instances/n1.yaml': definitionOf('Two'),
    });
    const env = {
      CONNECTORCTL_USER_SECRET: userSecret,
      CONNECTORCTL_ORGANIZATION_SECRET: organizationSecret,
      CONNECTORCTL_SECRET_PASSWORD: secrets.password,
      // All else comes through the client, which redacts on its own.
      USER: `me ${secrets.password}`,
    };
    const applied = await rig.run(recorded, { env });
    expect(applied.code).toBe(1);
    const record = rig.read('record.jsonl');
    const shown = await Promise.all(
      [[], ['n1'], ['--format', 'json'], ['no\u001b[31m']].map((words) =>
        rig.run(['history', 'record.jsonl', ...words]),
      ),
    );
    const texts = [record, ...shown.flatMap(({ stdout, stderr }) => [stdout, stderr])];
    expect(record).toContain('"action":"delete"');
    expect(eventsOf(rig)[0]).toMatchObject({ actor: 'me (secret)' });
    for (const text of texts) {
      expect(findLeaks(text, secrets)).toEqual([]);
      expect(text).not.toMatch(unseenCharacters);
    }
    // The JSON of every command is for programs, which need it as it was.
    for (const text of texts.filter((one) => !one.startsWith('{\n'))) expect(text).not.toMatch(/^\s*::|##\[/m);
    expect(shown.map(({ code }) => code)).toEqual([0, 0, 0, 3]);
  });
});
