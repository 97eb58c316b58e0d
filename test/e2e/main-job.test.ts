import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../support/connect-proxy.ts';
import { credentials, remoteWorkspace, startPlatform } from '../support/platform.ts';
import { openRig, type Rig } from '../support/rig.ts';

const here = ['connectorctl.yaml', 'instances', 'schema'] as const;

/** What the definitions of this repository refer to. */
const shareFileSecrets = {
  CONNECTORCTL_SECRET_SHAREFILE_CLIENT_ID: 'client id',
  CONNECTORCTL_SECRET_SHAREFILE_CLIENT_SECRET: 'client s3cret',
  // The sandbox takes other codes once only, as providers do; both definitions share this one.
  CONNECTORCTL_SECRET_SHAREFILE_POLLING_CODE: 'sandbox-grant-1',
  CONNECTORCTL_SECRET_SHAREFILE_WEBHOOK_CODE: 'sandbox-grant-2',
  CONNECTORCTL_SECRET_SHAREFILE_SIGNATURE_KEY: 'signature k3y',
} as const;
const env = { ...credentials, ...shareFileSecrets };

/** A copy of this repository's definitions, with an environment that is reached over the network. */
function openRemote(baseUrl: string): Rig {
  const rig = openRig({}, ['instances', 'schema']);
  rig.write('connectorctl.yaml', remoteWorkspace(baseUrl, { appHost: 'mycoolapp.com' }));
  return rig;
}

interface PlanDocument {
  readonly exitCode: number;
  readonly plan: {
    readonly digest: string;
    readonly changes: readonly {
      readonly key: string;
      readonly action: string;
      readonly fields: readonly { readonly field: string; readonly before?: unknown; readonly after?: unknown }[];
      readonly reason?: string;
    }[];
  };
}

function readPlan(text: string): PlanDocument['plan'] {
  const { plan }: PlanDocument = JSON.parse(text);
  return plan;
}

describe('the main job, on the embedded platform', () => {
  it('is done in four commands, and done again changes nothing', async () => {
    const rig = openRig({}, here);
    const steps = [['validate'], ['plan', '--detailed-exitcode'], ['apply', '--yes'], ['plan', '--detailed-exitcode']];
    const codes: (number | null)[] = [];
    const texts: string[] = [];
    for (const words of [...steps, ...steps]) {
      const { code, stdout } = await rig.run(words);
      codes.push(code);
      texts.push(stdout);
    }
    expect(codes).toEqual([0, 2, 0, 0, 0, 0, 0, 0]);
    const [validated = '', planned = '', applied = '', ...rest] = texts;
    expect(validated).toBe('2 files checked, no problems.\n');
    expect(planned).toContain('Plan: 2 to create, 0 to update, 0 to delete.');
    expect(planned.match(/^\+ create .*$/gm)).toEqual([
      expect.stringContaining('sharefile/polling'),
      expect.stringContaining('sharefile/webhook'),
    ]);
    expect(applied).toContain('Applied: 2 created.');
    const [empty, , ...again] = rest;
    for (const text of [empty, ...again]) expect(text).toMatch(/^No changes\. 2 instances match their definitions\.$/m);
  });
});

describe('the main job, on a platform that is reached over the network', () => {
  it('sends two creates, and afterwards nothing', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    expect(await rig.run(['apply', '--yes'], { env })).toMatchObject({ code: 0 });
    const posts = platform.writes().filter((line) => line.startsWith('POST'));
    expect(posts).toEqual(Array.from({ length: 2 }, () => 'POST /elements/api-v2/instances'));
    expect(
      platform.sandbox
        .instances()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['API Instance', 'API Instance with Polling']);

    const written = platform.writes().length;
    const { code, stdout } = await rig.run(['apply', '--yes'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('No changes.');
    expect(platform.writes()).toHaveLength(written);
  });

  it('splits what it remembers over tags as short as the environment wants them', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    const workspace = rig.read('connectorctl.yaml');
    rig.write('connectorctl.yaml', workspace.replace('"maxDelete"', '"maxTagLength":64,"maxDelete"'));
    expect(await rig.run(['apply', '--yes'], { env })).toMatchObject({ code: 0 });
    const tags = platform.sandbox.instances().flatMap((instance) => instance.tags);
    expect(Math.max(...tags.map((tag) => tag.length))).toBeLessThanOrEqual(64);
    expect(tags.filter((tag) => tag.startsWith('connectorctl-applied/')).length).toBeGreaterThan(4);
    expect((await rig.run(['plan', '--detailed-exitcode'], { env })).code).toBe(0);
  });

  it('plans the same state in the same bytes, and writes the plan where it is told to', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    const words = ['plan', '--format', 'json', '--out'];
    const first = await rig.run([...words, 'a.json'], { env });
    const second = await rig.run([...words, 'b.json'], { env });
    expect(first.code).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect(rig.read('b.json')).toBe(rig.read('a.json'));
    expect(JSON.parse(rig.read('a.json'))).toEqual(readPlan(first.stdout));
    expect(statSync(path.join(rig.directory, 'a.json')).mode & 0o777).toBe(0o600);

    await rig.run(['apply', '--yes'], { env });
    const [third, fourth] = [
      await rig.run([...words, 'c.json'], { env }),
      await rig.run([...words, 'd.json'], { env }),
    ];
    expect(fourth.stdout).toBe(third.stdout);
    expect(rig.read('d.json')).toBe(rig.read('c.json'));
    expect(readPlan(third.stdout).changes).toEqual([]);
  });

  it('shows a changed value as exactly that field, and sends no other', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    await rig.run(['apply', '--yes'], { env });
    const file = 'instances/sharefile/polling.yaml';
    rig.write(file, rig.read(file).replace('refresh_interval: 15', 'refresh_interval: 5'));

    const { plan }: PlanDocument = JSON.parse((await rig.run(['plan', '--format', 'json'], { env })).stdout);
    expect(plan.changes).toMatchObject([
      {
        key: 'sharefile/polling',
        action: 'update',
        fields: [{ field: '/configuration/event.poller.refresh_interval', before: '15', after: '5' }],
      },
    ]);
    const before = platform.requests.length;
    expect(await rig.run(['apply', '--yes'], { env })).toMatchObject({ code: 0 });
    const sent = platform.requests.slice(before).filter(({ method }) => method !== 'GET');
    expect(sent.map(({ method }) => method)).toEqual(['PATCH']);
    const body: object = JSON.parse(sent[0]?.body ?? '');
    expect(body).toEqual({
      configuration: { 'event.poller.refresh_interval': '5' },
      tags: expect.arrayContaining(['Docs', 'connectorctl/acme/test', 'connectorctl/acme/test/sharefile/polling']),
    });
    expect(await rig.run(['plan', '--detailed-exitcode'], { env })).toMatchObject({ code: 0 });
  });

  it('shows a changed secret without showing it, and sends it alone', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    await rig.run(['apply', '--yes'], { env });
    const rotated = { ...env, CONNECTORCTL_SECRET_SHAREFILE_SIGNATURE_KEY: 'r0tated key' };
    const planned = await rig.run(['plan', '--format', 'json'], { env: rotated });
    expect(readPlan(planned.stdout).changes).toMatchObject([
      {
        key: 'sharefile/webhook',
        fields: [{ field: '/configuration/event.notification.signature.key', cause: 'secret', secret: true }],
      },
    ]);
    const before = platform.requests.length;
    await rig.run(['apply', '--yes'], { env: rotated });
    const sent = platform.requests.slice(before).filter(({ method }) => method !== 'GET');
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([
      { configuration: { 'event.notification.signature.key': 'r0tated key' }, tags: expect.any(Array) },
    ]);
  });

  it('works on the definitions that --only names, and refuses names that there are not', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    const planned = await rig.run(['plan', '--only', 'sharefile/webhook', '--format', 'json'], { env });
    expect(readPlan(planned.stdout).changes.map(({ key }) => key)).toEqual(['sharefile/webhook']);
    const applied = await rig.run(['apply', '--yes', '--only', 'sharefile/webhook'], { env });
    expect(applied.code).toBe(0);
    expect(platform.sandbox.instances().map(({ name }) => name)).toEqual(['API Instance']);

    const unknown = await rig.run(['plan', '--only', 'sharefile/webhok'], { env });
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain('sharefile/webhook');
  });

  it.each([
    [['--only', 'sharefile/webhok'], 'no definition sharefile/webhok', 'Did you mean `sharefile/webhook`?'],
    [['--only', 'sharefil/*'], 'no definition that matches sharefil/*', 'Did you mean `sharefile/*`?'],
    [
      ['--exclude', 'sharefile/webhok'],
      'no definition or instance sharefile/webhok',
      'Did you mean `sharefile/webhook`?',
    ],
    [
      ['--exclude', 'sharefil/**'],
      'no definition or instance that matches sharefil/**',
      'Did you mean `sharefile/**`?',
    ],
    [
      ['--only', 'sharefile/webhook', '--exclude', '**'],
      '--exclude takes away all that --only names',
      'Nothing was sent.',
    ],
  ])('refuses %j, which would change nothing', async (words, said, hint) => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    for (const command of ['plan', 'apply', 'drift']) {
      const { code, stderr } = await rig.run([command, ...words], { env });
      expect(code).toBe(3);
      expect(stderr).toContain(said);
      expect(stderr).toContain(hint);
    }
    expect(platform.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('stops a definition whose instance somebody else made, and applies the other one', async () => {
    const platform = await startPlatform();
    const configuration = Object.fromEntries(
      ['oauth.api.key', 'oauth.api.secret', 'oauth.callback.url', 'sharefile.subdomain'].map((key) => [key, 'theirs']),
    );
    const stranger = platform.sandbox.seed({ connector: 'sharefile', name: 'API Instance', configuration });
    const rig = openRemote(platform.origin);
    const planned = await rig.run(['plan', '--format', 'json'], { env });
    expect(planned.code).toBe(6);
    expect(readPlan(planned.stdout).changes).toMatchObject([
      {
        key: 'sharefile/webhook',
        action: 'conflict',
        reason: { code: 'same-name', message: expect.stringContaining(String(stranger.id)) },
      },
      { key: 'sharefile/polling', action: 'create' },
    ]);

    const applied = await rig.run(['apply', '--yes'], { env });
    expect(applied.code).toBe(6);
    expect(applied.stdout).toContain('Applied: 1 created.');
    expect(platform.sandbox.instances().map(({ name }) => name)).toEqual(['API Instance', 'API Instance with Polling']);
    expect(platform.sandbox.instance(stranger.id)).toEqual(stranger);
  });
});

/** By file, then by line. */
function comparePlaces(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

describe('what is missing or wrong', () => {
  it('names every place of every unset secret, and sends no write', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    const commands = [
      ['validate', 3],
      ['plan', 6],
      ['apply --yes', 6],
    ] as const;
    for (const [words, expected] of commands) {
      const { code, stdout, stderr } = await rig.run(words.split(' '), { env: credentials });
      expect(code).toBe(expected);
      const named = (stdout + stderr).match(/instances\/\S+:\d+:\d+/g);
      expect([...new Set(named)].toSorted(comparePlaces)).toEqual([
        'instances/sharefile/polling.yaml:6:18',
        'instances/sharefile/polling.yaml:7:21',
        'instances/sharefile/webhook.yaml:6:18',
        'instances/sharefile/webhook.yaml:7:21',
        'instances/sharefile/webhook.yaml:14:37',
      ]);
    }
    expect(platform.writes()).toEqual([]);
  });

  it('names the credentials that are not set, and asks the platform nothing', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    const { CONNECTORCTL_USER_SECRET: _, ...without } = env;
    const { code, stderr } = await rig.run(['plan'], { env: without });
    expect(code).toBe(3);
    expect(stderr).toMatch(/CONNECTORCTL_USER_SECRET is not set/);
    expect(await rig.run(['plan'], { env: shareFileSecrets })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/CONNECTORCTL_USER_SECRET and CONNECTORCTL_ORGANIZATION_SECRET are not set/),
    });
    expect(platform.requests).toEqual([]);
  });

  it('repeats the sentence of a platform that does not accept the credentials', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    const { code, stderr } = await rig.run(['plan'], { env: { ...env, CONNECTORCTL_USER_SECRET: 'wrong' } });
    expect(code).toBe(1);
    expect(stderr).toContain('HTTP 401');
    expect(stderr).toContain('Invalid Organization or User secret, or invalid Element token provided.');
    expect(stderr).toMatch(/request id [0-9a-f]{24}/);
  });

  it('says which host cannot be reached', async () => {
    const platform = await startPlatform();
    const rig = openRemote(platform.origin);
    await platform.close();
    const { code, stderr } = await rig.run(['plan'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(`${new URL(platform.origin).host} did not answer`);
    expect(stderr).toContain('ECONNREFUSED');
  });

  it('contacts no host that it does not know, unless the process environment allows it', async () => {
    const proxy = await startProxy(403);
    const rig = openRemote('https://platform.example.net');
    const behind = { ...env, HTTPS_PROXY: proxy.url };
    const refused = await rig.run(['plan'], { env: behind });
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('Credentials are not sent to platform.example.net');
    expect(proxy.tunnels).toEqual([]);

    const allowed = await rig.run(['plan'], { env: { ...behind, CONNECTORCTL_ALLOWED_HOSTS: 'platform.example.net' } });
    expect(allowed.code).toBe(1);
    expect([...new Set(proxy.tunnels.map(({ to }) => to))]).toEqual(['platform.example.net:443']);
  });
});
