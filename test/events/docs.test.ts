import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { signBody } from '../../src/events/events.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { runHosted } from '../support/cli-host.ts';
import { startHosted } from '../support/cli-server.ts';
import { openReceiver } from '../support/notify.ts';
import { webhookPayload } from '../support/payloads.ts';
import { credentials, remoteWorkspace } from '../support/platform.ts';
import { openRig } from '../support/rig.ts';
import { sharefileEvents } from '../support/sharefile-events.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../.github/docs/events.md'), 'utf8');

/** The commands of ours in the page, in its order. */
const commands = [...page.matchAll(/^```\n(connectorctl .*)\n```$/gm)].map(([, command = '']) => command);

describe('the page about events', () => {
  it('holds commands that do what it says', async () => {
    expect(commands).toEqual([
      'connectorctl events listen --port 8788 --forward http://127.0.0.1:3000/events',
      'connectorctl sandbox --event-speed 60',
      'connectorctl events status',
      'connectorctl events test sharefile',
      'connectorctl events verify body.json --signature headers.txt --key-from sharefile',
    ]);
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const receiver = await openReceiver({ keysFor: () => [] });
    const body = webhookPayload(1);
    const rig = openRig({
      'connectorctl.yaml': remoteWorkspace(new URL(sandbox.url).origin),
      'instances/sharefile.yaml': sharefileEvents({ callback: receiver.url, name: 'ShareFile', kind: 'webhook' }),
      'body.json': body,
      'headers.txt': `Content-Type: application/json\r\nElements-Webhook-Signature: ${signBody(body, 'an app secret')}\r\n`,
    });
    const host = { cwd: rig.directory, env: { ...credentials, CONNECTORCTL_SECRET_APP: 'an app secret' } };
    const [listen = '', serve = '', ...others] = commands.map((command) => command.replace('connectorctl ', ''));
    expect(await runHosted(['apply', '--yes'], host)).toMatchObject({ code: 0 });

    // Any free port in place of those in the page.
    const listener = await startHosted(listen.replace('8788', '0').split(' '), host);
    const headers = { 'elements-webhook-signature': signBody(body, 'an app secret') };
    expect((await fetch(listener.url, { method: 'POST', headers, body })).status).toBe(502);
    expect((await listener.stop()).stdout).toContain('ShareFile webhook (4001003)  -  CREATED documents fi0');
    const server = await startHosted([...serve.split(' '), '--port', '0'], host);
    const shown = await fetch(new URL('/sandbox/events', server.url));
    expect(await shown.text()).toContain('Events of the sandbox');
    expect(await server.stop()).toMatchObject({ code: 0 });

    const ends = [];
    for (const command of others) ends.push((await runHosted(command.split(' '), host)).code);
    // The callback of this test takes nothing, which the test of the page finds out.
    expect(ends).toEqual([0, 1, 0]);
    expect(receiver.received).toMatchObject([
      { status: 401, notification: { instanceName: 'ShareFile', events: [{}] } },
      { status: 401, notification: { instanceName: 'ShareFile', events: [] } },
    ]);
  });
});
