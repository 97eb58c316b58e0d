import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver, type ReceivedRequest } from '../../src/events/receiver.ts';
import { isJsonObject } from '../../src/model/json.ts';
import { Secret } from '../../src/model/secret.ts';
import { sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import { runHosted } from '../support/cli-host.ts';
import { documentedBodies } from '../support/documented-bodies.ts';
import { openRig } from '../support/rig.ts';

/** From the definition to the callback: what is written, applied, made at the provider, sent, received and believed. */
async function openWay(id: string) {
  const sandbox = await startSandbox({ clock: () => new Date('2026-03-01T12:00:00Z') });
  onTestFinished(() => sandbox.close());
  const received: ReceivedRequest[] = [];
  const keys = { current: 'first key' };
  const receiver = await startReceiver({
    port: 0,
    keysFor: () => [new Secret(keys.current, 'a key')],
    onReceived: (one) => void received.push(one),
    date: () => new Date(0),
    sleep: () => new Promise(() => {}),
  });
  onTestFinished(() => receiver.close());

  const rig = openRig({
    'connectorctl.yaml': `version: 1\nworkspace: acme\nenvironments:\n  production:\n    baseUrl: ${new URL(sandbox.url).origin}\n`,
    'instances/files.yaml': definitionFrom(id, `http://127.0.0.1:${receiver.port}/events`),
  });
  const run = (words: readonly string[], signatureKey = 'first key') =>
    runHosted(words, {
      cwd: rig.directory,
      env: {
        CONNECTORCTL_ALLOWED_HOSTS: '127.0.0.1',
        CONNECTORCTL_USER_SECRET: sandboxCredentials.userSecret,
        CONNECTORCTL_ORGANIZATION_SECRET: sandboxCredentials.organizationSecret,
        CONNECTORCTL_SECRET_CODE: 'sandbox-code',
        CONNECTORCTL_SECRET_APP: 'an app secret',
        CONNECTORCTL_SECRET_EVENTS: signatureKey,
      },
    });
  return { sandbox, received, keys, rig, run };
}

/** The documented body of a connector, with values in place of its placeholders. */
function definitionFrom(id: string, callback: string): string {
  const found = documentedBodies().find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no documented body ${id}.`);
  const { configuration } = found.body;
  const own = {
    ...(isJsonObject(configuration) ? configuration : {}),
    'oauth.callback.url': 'https://app.example/oauth',
    'oauth.api.key': '${{ secrets.APP }}',
    'oauth.api.secret': '${{ secrets.APP }}',
    'document.root.folder.name': '/top',
    'sharefile.subdomain': 'acme',
    'event.notification.callback.url': callback,
    'event.notification.signature.key': '${{ secrets.EVENTS }}',
    ...(id.includes('polling') ? { 'event.poller.refresh_interval': 15 } : {}),
  };
  return JSON.stringify({
    connector: 'sharefile',
    name: 'Files',
    configuration: own,
    providerData: { code: '${{ secrets.CODE }}' },
  });
}

describe('an event on its way from the provider to the callback', () => {
  it.each(['sharefile-polling', 'sharefile-webhook'])(
    'arrives, rightly signed, as %s describes it, with a new key too',
    async (id) => {
      const { sandbox, received, keys, run } = await openWay(id);
      const quarter = 15 * 60_000;
      expect(await run(['apply', '--yes'])).toMatchObject({ code: 0 });
      const [instance] = sandbox.instances();
      const make = async (): Promise<void> => {
        sandbox.events.reconcile();
        await sandbox.events.pass(1_000);
        sandbox.events.save({ instance: instance?.id ?? 0, fields: { Name: 'report.txt' } });
        await sandbox.events.pass(quarter);
      };
      await make();
      expect(received.map(({ problem, status }) => [problem, status])).toEqual([[undefined, 204]]);
      expect(received[0]?.notification).toMatchObject({
        instanceId: String(instance?.id),
        instanceName: 'Files',
        kind: id.includes('polling') ? 'polling' : 'webhook',
        events: [{ type: 'CREATED', objectType: 'documents' }],
      });
      expect(received[0]?.notification?.instanceTags).toContain('connectorctl/acme/production/files');

      const plan = await run(['plan'], 'second key');
      expect(plan.stdout).toContain('event.notification.signature.key');
      expect(plan.stdout.replaceAll(/\s+/g, ' ')).toContain('The receivers must know the new signature key before');
      expect(plan.stdout).toContain('Plan: 0 to create, 1 to update, 0 to delete.');
      expect(await run(['apply', '--yes'], 'second key')).toMatchObject({ code: 0 });
      await make();
      // The receiver has the old key: it refuses what is signed with the new one, and gets it again once it has it too.
      expect(received.at(-1)).toMatchObject({ problem: 'different', status: 401 });
      keys.current = 'second key';
      await sandbox.events.pass(quarter);
      expect(received.at(-1)).toMatchObject({ status: 204, notification: { instanceName: 'Files' } });
      expect(received.at(-1)?.problem).toBeUndefined();
      expect((await run(['plan'], 'second key')).stdout).toContain('No changes');
    },
  );
});
