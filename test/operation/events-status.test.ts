import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { runHosted } from '../support/cli-host.ts';
import { credentials, remoteWorkspace } from '../support/platform.ts';
import { Secret } from '../../src/model/secret.ts';
import { openReceiver } from '../support/notify.ts';
import { openRig } from '../support/rig.ts';
import { sharefileEvents } from '../support/sharefile-events.ts';
import { type PostNotification, postToLoopback } from '../../src/sandbox/events/post-notification.ts';
import type { FaultRule } from '../../src/sandbox/faults/fault-rule.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';

const output = compileSchema('output');

const definition = (callback: string): string => sharefileEvents({ callback, name: 'Files', kind: 'polling' });

/** @param post how the sandbox sends notifications; by default they arrive nowhere */
async function openPlace(post: PostNotification = async () => ({ status: 503 }), faults: readonly FaultRule[] = []) {
  const sandbox: Sandbox = await startSandbox({
    clock: () => new Date('2026-03-01T12:00:00Z'),
    events: { pollFailures: 2, leavesFormer: true },
    postNotification: post,
    faults,
  });
  onTestFinished(() => sandbox.close());
  const rig = openRig({
    'connectorctl.yaml': remoteWorkspace(new URL(sandbox.url).origin),
    'instances/files.yaml': definition('https://a.example/events'),
  });
  const run = (line: string) =>
    runHosted(line.split(' '), {
      cwd: rig.directory,
      env: { ...credentials, CONNECTORCTL_SECRET_APP: 'an app secret' },
    });
  expect(await run('apply --yes')).toMatchObject({ code: 0 });
  sandbox.events.reconcile();
  const [instance] = sandbox.instances();
  return { sandbox, rig, run, id: instance?.id ?? 0 };
}

describe('events status', () => {
  it('shows subscription, poller and last events, as text and as JSON, and that all is well', async () => {
    const { run, id } = await openPlace();
    const { code, stdout } = await run('events status');
    expect({
      code,
      lines: stripVTControlCharacters(stdout)
        .split('\n')
        .map((line) => line.replace(/subscription  \d+/, 'subscription  1')),
    }).toEqual({
      code: 0,
      lines: [
        `files  Files (${id})`,
        '  events        on, by polling, signed',
        '  callback      https://a.example/events',
        '  subscription  1, active',
        '  poller        polls next at 2026-03-01T12:15:00.000Z',
        '  last events   none',
        '',
      ],
    });
    const document: unknown = JSON.parse((await run('events status files --format json')).stdout);
    expect(faultsOf(output, document)).toEqual([]);
    expect(document).toMatchObject({
      command: 'events status',
      deliveries: [{ key: 'files', kind: 'polling', signed: true }],
    });
    expect(await run('events status nobody')).toMatchObject({ code: 3 });
  });

  it('says that a former callback is left, as drift and plan do, and that it is gone once it was removed', async () => {
    const { run, rig, sandbox } = await openPlace();
    rig.write('instances/files.yaml', definition('https://b.example/events'));
    const applied = await run('apply --yes');
    expect(applied).toMatchObject({ code: 0 });
    expect(applied.stdout.replaceAll(/\s+/g, ' ')).toContain('left, gets each event too https://a.example/events');
    expect(applied.stdout).toContain('connectorctl apply --env test --prune-subscriptions');
    const status = await run('events status');
    expect(status.code).toBe(1);
    expect(status.stdout).toMatch(/left over {5}\d+ to https:\/\/a\.example\/events, active/);
    const drift = await run('drift');
    expect(drift.code).toBe(2);
    expect(drift.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'A former callback is still subscribed and gets each event too',
    );
    expect(drift.stdout).toMatch(/\n\nRemove what is left: {2}connectorctl apply --env test --prune-subscriptions\n$/);
    expect(drift.stdout).toMatch(
      /note: [^]* left\.\n\s+Remove what is left:\n\s+connectorctl apply --env test --prune-subscriptions\n/,
    );
    expect((await run('apply --yes')).code).toBe(0);
    expect(sandbox.events.state.subscriptions.size).toBe(2);
    const pruned = await run('apply --yes --prune-subscriptions');
    expect({ code: pruned.code, size: sandbox.events.state.subscriptions.size }).toEqual({ code: 0, size: 1 });
    expect(await run('drift')).toMatchObject({ code: 0 });
    expect(await run('events status')).toMatchObject({ code: 0 });
  });

  it.each([
    'https://c.example/events?token=${{ secrets.APP }}',
    'https://C.example:443',
    'HTTPS://c.example/a/../events',
  ])('takes no subscription of the present callback for a former one, and keeps it: %s', async (callback) => {
    const { run, rig, sandbox } = await openPlace();
    rig.write('instances/files.yaml', definition(callback));
    expect(await run('apply --yes --prune-subscriptions')).toMatchObject({ code: 0 });
    expect(sandbox.events.state.subscriptions.size).toBe(1);
    expect(await run('apply --yes --prune-subscriptions')).toMatchObject({ code: 0 });
    expect(sandbox.events.state.subscriptions.size).toBe(1);
    // The platform may spell an address in its own way.
    for (const [id, one] of sandbox.events.state.subscriptions)
      sandbox.events.state.subscriptions.set(id, { ...one, url: new URL(one.url).href });
    expect(await run('drift')).toMatchObject({ code: 0 });
    const status = await run('events status');
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('active') });
    expect(status.stdout).not.toContain('an app secret');
  });

  it('says that the platform gave up sending, or switched the poller off', async () => {
    const { run, sandbox, id } = await openPlace();
    await sandbox.events.pass(1_000);
    sandbox.events.save({ instance: id });
    await sandbox.events.pass(400_000_000);
    const status = await run('events status');
    expect(status.code).toBe(1);
    expect(status.stdout).toContain('INACTIVE: the platform gave up sending');
    expect(status.stdout).toContain('DISPATCHED');
    expect((await run('drift')).stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The platform gave up sending the events of this instance',
    );
    expect((await run('drift')).stdout).not.toContain('connectorctl apply');
    sandbox.change(id, {
      configuration: { 'event.poller.configuration': '{"documents":{"url":"${today}","idField":"Id"}}' },
    });
    await sandbox.events.pass(3_600_000);
    expect((await run('events status')).stdout).toContain('SWITCHED OFF by the platform');
  });
});

/** With a subscription that a former callback left. */
async function openLeft() {
  const place = await openPlace();
  place.rig.write('instances/files.yaml', definition('https://b.example/events'));
  expect(await place.run('apply --yes')).toMatchObject({ code: 0 });
  return place;
}

describe('apply --prune-subscriptions', () => {
  it('removes nothing where the platform shows callbacks otherwise than it keeps them, and says so', async () => {
    const habit = { kind: 'normalise-on-read', form: 'upper', key: 'event.notification.callback.url' } as const;
    const { rig, run } = await openPlace(undefined, [habit]);
    expect((await run('plan --detailed-exitcode')).code).toBe(0);
    const only = await run('apply --yes --prune-subscriptions');
    expect(only).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No subscription of a former callback is left'),
    });
    rig.write('instances/files.yaml', definition('https://b.example/events'));
    expect((await run('apply --yes')).stdout).not.toContain('former');
    const { code, stdout } = await run('apply --yes --prune-subscriptions');
    expect(code).toBe(5);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('nobody can tell which one is left. None was removed');
    expect((await run('events status')).stdout).toMatch(/subscription +1, 2, active/);
  });

  it('says in the result what it removed, and that nothing is left the next time', async () => {
    const { run } = await openLeft();
    const pruned = await run('apply --yes --prune-subscriptions --format json');
    const document: unknown = JSON.parse(pruned.stdout);
    expect(faultsOf(output, document)).toEqual([]);
    expect(document).toMatchObject({
      exitCode: 0,
      result: {
        subscriptions: {
          pruned: true,
          found: [{ key: 'files', url: 'https://a.example/events', active: true, status: 'removed' }],
        },
      },
    });
    const again = await run('apply --yes --prune-subscriptions');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('No subscription of a former callback is left.');
  });

  it.each([
    ['a removal that the platform refuses', 'DELETE', '✗  files  subscription'],
    ['a list that it refuses', 'GET', 'Not all former callbacks could be looked for'],
  ] as const)('ends with 5, as partly applied, after %s', async (_, method, words) => {
    const { run, sandbox } = await openLeft();
    const on = { methods: [method], path: '/notifications/subscriptions/**' };
    sandbox.setFaults([{ kind: 'error', status: 403, message: 'Forbidden', on }]);
    const refused = await run('apply --yes --prune-subscriptions');
    expect(refused).toMatchObject({ code: 5 });
    expect(stripVTControlCharacters(refused.stdout)).toContain(words);
    expect(sandbox.events.state.subscriptions.size).toBe(2);
    const document: unknown = JSON.parse((await run('apply --yes --prune-subscriptions --format json')).stdout);
    expect(faultsOf(output, document)).toEqual([]);
    expect(document).toMatchObject({ exitCode: 5, result: { subscriptions: { pruned: true } } });
    const markdown = (await run('apply --yes --prune-subscriptions --format markdown')).stdout;
    expect(markdown).toContain('--prune-subscriptions');
  });

  it('names no address of a former callback that holds a credential', async () => {
    const { run, rig } = await openPlace();
    for (const address of ['https://c.example/events?token=b5d6f9', 'https://b.example/events']) {
      rig.write('instances/files.yaml', definition(address));
      expect(await run('apply --yes')).toMatchObject({ code: 0 });
    }
    const { stdout } = await run('apply --yes --prune-subscriptions --format json');
    expect(stdout).toContain('"url": "(secret)"');
    expect(stdout).not.toContain('b5d6f9');
  });

  it('removes the others when one is refused, and a failed change stays what it was', async () => {
    const { run, rig, sandbox } = await openLeft();
    rig.write('instances/files.yaml', definition('https://c.example/events'));
    const on = { methods: ['DELETE'], path: '/notifications/subscriptions/1' } as const;
    sandbox.setFaults([{ kind: 'error', status: 403, on }]);
    const { code, stdout } = await run('apply --yes --prune-subscriptions');
    expect({ code, removed: stdout.includes('removed'), updated: stdout.includes('updated') }).toEqual({
      code: 5,
      removed: true,
      updated: true,
    });
  });
});

describe('events test', () => {
  it('sends a signed test to a callback on this machine, and only asks for one elsewhere', async () => {
    const { run, rig, sandbox, id } = await openPlace(postToLoopback);
    const receiver = await openReceiver({ keysFor: () => [new Secret('an app secret', 'a key')] });
    rig.write('instances/files.yaml', definition(receiver.url));
    expect(await run('apply --yes --prune-subscriptions')).toMatchObject({ code: 0 });
    const tested = await run('events test files');
    expect(tested).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('a test was sent, and answered with HTTP 204'),
    });
    expect(tested.stdout).toMatch(/made event {4}\S{20}, made on the sandbox and delivered: HTTP 204/);
    const instanceTags = expect.arrayContaining([expect.stringMatching(/^connectorctl\/.*\/files$/)]);
    expect(receiver.received).toMatchObject([
      {
        status: 204,
        notification: {
          instanceName: 'Files',
          kind: 'polling',
          events: [{ type: 'UNKNOWN', objectType: 'documents' }],
          instanceTags,
        },
      },
      { status: 204, notification: { instanceName: 'Files', events: [], instanceTags } },
    ]);
    expect(receiver.received.some(({ problem }) => problem !== undefined)).toBe(false);
    expect(sandbox.events.objectsOf(id)).toEqual([]);
    const document: unknown = JSON.parse((await run('events test files --format json')).stdout);
    expect(faultsOf(output, document)).toEqual([]);
    expect(document).toMatchObject({
      deliveries: [{ probe: { method: 'POST', status: 204 }, made: { isDelivered: true, answer: 'HTTP 204' } }],
    });

    await receiver.close();
    const down = await run('events test files');
    expect(down.code).toBe(1);
    expect(down.stdout).toContain('NOT ANSWERED');
    expect(down.stdout).toContain('NOT DELIVERED: connect ECONNREFUSED');
    expect(await run('events test nobody')).toMatchObject({ code: 3 });
  });

  it('comes to the callback as the platform would: with its login, whether there is a signature key or not', async () => {
    const { run, rig } = await openPlace(postToLoopback);
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(request.headers.authorization === undefined ? 401 : 204).end();
      request.resume();
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const { port }: Pick<AddressInfo, 'port'> = Object.assign({ port: 0 }, server.address());
    const login = '  event.notification.basic.username: us\n  event.notification.basic.password: ${{ secrets.APP }}\n';
    const plain = definition(`http://127.0.0.1:${port}/`).replace('  event.vendor', `${login}  event.vendor`);
    const basic = `Basic ${Buffer.from('us:an app secret').toString('base64')}`;
    for (const text of [plain, plain.replace(/ {2}event\.notification\.signature.*\n/, '')]) {
      rig.write('instances/files.yaml', text);
      expect(await run('apply --yes --prune-subscriptions')).toMatchObject({ code: 0 });
      const tested = await run('events test files');
      expect(tested).toMatchObject({ code: 0, stdout: expect.stringContaining('and delivered: HTTP 204') });
      expect(tested.stdout).not.toContain('an app secret');
    }
    expect(seen).toEqual([basic, basic, basic, basic]);
  });

  it('says why the sandbox could make no event', async () => {
    const { run, rig } = await openPlace(postToLoopback);
    const receiver = await openReceiver({ keysFor: () => [new Secret('an app secret', 'a key')] });
    rig.write('instances/files.yaml', definition(receiver.url).replace('${gmtDate:yyyy-MM-dd}', '${today}'));
    expect(await run('apply --yes')).toMatchObject({ code: 0 });
    const { code, stdout } = await run('events test files');
    expect({ code, why: /NONE could be made on the sandbox: (.*)/.exec(stdout)?.[1] }).toEqual({
      code: 1,
      why: expect.stringContaining('today'),
    });
  });
});
