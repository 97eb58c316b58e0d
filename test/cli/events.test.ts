import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { signBody } from '../../src/events/events.ts';
import { runHosted } from '../support/cli-host.ts';
import { startHosted } from '../support/cli-server.ts';
import { payloads, webhookPayload } from '../support/payloads.ts';
import { openRig } from '../support/rig.ts';
import { compileSchema, faultsOf } from '../support/schemas.ts';

const workspace = 'version: 1\nworkspace: acme\nenvironments:\n  production: { platform: sandbox }\n';
const definition = (secret: string, more = ''): string =>
  `connector: quickbooks\nname: Billing\nconfiguration:\n  event.notification.signature.key: ${secret}\n${more}`;
const env = { CONNECTORCTL_SECRET_BILLING: 'billing key', CONNECTORCTL_SECRET_FILES: 'files key' };

function aWorkspace(): string {
  const { directory } = openRig({
    'connectorctl.yaml': workspace,
    'instances/billing.yaml': definition('${{ secrets.BILLING }}'),
    'instances/files.yaml': definition('${{ secrets.FILES }}'),
    'instances/other.yaml': 'connector: quickbooks\nname: Other\nconfiguration: {}\n',
  });
  return directory;
}

const billing = payloads.quickbooks.replace(
  '"connectorctl/acme/production"',
  '"connectorctl/acme/production", "connectorctl/acme/production/billing"',
);

async function post(url: string, body: string, key: string | undefined): Promise<number> {
  const headers = key === undefined ? {} : { 'elements-webhook-signature': signBody(body, key) };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

describe('connectorctl events listen', () => {
  it('shows each notification in one line: instance, key here, objects and time; or why it is refused', async () => {
    const { url, stop } = await startHosted(['events', 'listen', '--port', '0'], { cwd: aWorkspace(), env });
    expect(await post(url, billing, 'billing key')).toBe(204);
    expect(await post(url, billing, 'billing key')).toBe(204);
    // The key of another instance does not speak for this one.
    expect(await post(url, billing, 'files key')).toBe(401);
    expect(await post(url, webhookPayload(20), 'files key')).toBe(204);
    expect(await post(url, webhookPayload(1), undefined)).toBe(401);
    expect(await post(url, 'x', 'files key')).toBe(400);
    const { code, stdout, stderr } = await stop();
    const lines = stdout.replaceAll(/^\d\d:\d\d:\d\d /gm, '').split('\n');
    expect(code).toBe(0);
    expect(stderr).toContain('Press Ctrl-C to stop.');
    expect(lines).toEqual([
      ' Billing (4001002)  billing  CREATED invoices 2|0  2020-02-21T16:43:41Z',
      ' Billing (4001002)  billing  CREATED invoices 2|0  2020-02-21T16:43:41Z  again',
      ' refused (401): its signature was made with another key or of another body  says it is of Billing (4001002)',
      ' ShareFile webhook (4001003)  -  CREATED documents fi0, fi3, fi6 and 4 more; UPDATED documents fi1, fi4, fi7 and 4 more; DELETED documents fi2, fi5, fi8 and 3 more  2026-03-01T10:00:00Z',
      ' refused (401): it is not signed  says it is of ShareFile webhook (4001003)',
      ' refused (400): it is rightly signed, but no JSON',
      '',
    ]);
  });

  it('shows all of a storm, also what came just before it is stopped, and says what is a test', async () => {
    const { url, stop } = await startHosted(['events', 'listen', '--port', '0'], { cwd: aWorkspace(), env });
    const bodies = Array.from({ length: 60 }, (_, index) => webhookPayload(1).replaceAll('fi0', `object-${index}`));
    const test = JSON.stringify({
      topic: 'instance-7-x-events',
      message: { test: true, events: [], instanceTags: [] },
    });
    await Promise.all([test, ...bodies].map(async (body) => expect(await post(url, body, 'files key')).toBe(204)));
    const { stdout } = await stop();
    expect(stdout.match(/object-\d+/g)?.toSorted()).toEqual(bodies.map((_, index) => `object-${index}`).toSorted());
    expect(stdout).toContain('instance 7  -  a test, no events\n');
  });

  it('prints each as JSON on a line of its own, and no secret in it', async () => {
    const words = ['events', 'listen', '--port', '0', '--key-from', 'files', '--json', '--quiet'];
    const cwd = aWorkspace();
    const telling = webhookPayload(1).replace('ShareFile webhook', 'files key \\u001b[2J');
    const started = startHosted(words.slice(0, -1), { cwd, env });
    const { url, stop } = await started;
    expect(await post(url, telling, 'files key')).toBe(204);
    expect(await post(url, billing, 'billing key')).toBe(401);
    const { stdout } = await stop();
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { accepted: true, status: 204, repeated: false, notification: { instanceName: '(secret) \u001b[2J', raw: {} } },
      { accepted: false, status: 401, problem: 'different', definition: 'billing' },
    ]);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('files key');
  });

  it.each([
    [['--key-from', 'nobody'], 3, 'has no definition nobody'],
    [['--key-from', 'other'], 3, 'The definition other has no signature key that is set.'],
    [['--forward', 'ftp://example.com'], 3, '--forward is not a URL that can be used'],
    [['--forward', 'https://a:b@127.0.0.1/'], 3, '--forward is not a URL that can be used'],
    [['--forward', 'https://hooks.example.com/'], 6, 'CONNECTORCTL_ALLOWED_HOSTS=hooks.example.com'],
    [['--forward', 'http://127.0.0.1.example.com/'], 6, 'is not this machine'],
    [['--key', 'nothing', '--key-from', 'files'], 3, 'cannot be used with'],
    [['--key', 'nothing'], 3, 'nothing at this path'],
  ])('refuses %j with %d: %s', async (words, code, said) => {
    const ended = await runHosted(['events', 'listen', ...words], { cwd: aWorkspace(), env });
    expect(ended.code).toBe(code);
    expect(ended.stderr.replaceAll(/\s+/g, ' ')).toContain(said);
  });

  it('says that no definition has a signature key where none has', async () => {
    const { directory: cwd } = openRig({
      'connectorctl.yaml': workspace,
      'instances/other.yaml': 'connector: quickbooks\nname: Other\nconfiguration: {}\n',
    });
    const { stderr } = await runHosted(['events', 'listen'], { cwd, env });
    expect(stderr).toMatch(/No definition of the environment \w+ has a signature key that is set\./);
  });
});

describe('connectorctl events verify', () => {
  const output = compileSchema('output');

  async function verify(files: Readonly<Record<string, string>>, ...words: readonly string[]) {
    const cwd = aWorkspace();
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text);
    const text = await runHosted(['events', 'verify', 'body', ...words], { cwd, env });
    const json = await runHosted(['events', 'verify', 'body', ...words, '--format', 'json'], { cwd, env });
    const document: unknown = JSON.parse(json.stdout);
    expect(faultsOf(output, document)).toEqual([]);
    return { ...text, document };
  }

  it('says that a signature is right, and what the body says', async () => {
    const files = { body: billing, headers: `Elements-Webhook-Signature: ${signBody(billing, 'billing key')}\n` };
    const { code, stdout, document } = await verify(files, '--signature', 'headers', '--key-from', 'billing');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'The signature is right.\n\nBilling (4001002)  CREATED invoices 2|0  2020-02-21T16:43:41Z\n',
    });
    expect(document).toMatchObject({ signature: { valid: true, causes: [], notification: { kind: 'polling' } } });
  });

  it('says what differs', async () => {
    const files = { body: `${billing}\n`, key: 'billing key\n', header: signBody(billing, 'billing key') };
    const { code, stdout, document } = await verify(files, '--signature', 'header', '--key', 'key');
    expect(code).toBe(1);
    expect(stdout).toContain('The signature is wrong: its signature was made with another key or of another body.\n');
    expect(stdout).toContain('  The body has a line end that was not signed.\n');
    expect(document).toMatchObject({
      signature: { valid: false, problem: 'different', causes: [{ code: 'line-end-added' }] },
    });
  });

  it('says that nothing makes it right, or that there is no signature', async () => {
    const files = { body: billing, header: signBody(billing, 'another') };
    const wrong = await verify(files, '--signature', 'header', '--key-from', 'billing');
    expect(wrong.stdout.replaceAll(/\s+/g, ' ')).toContain('The key is another one, or the body was changed.');
    expect(await verify(files, '--key-from', 'billing')).toMatchObject({
      code: 1,
      document: { signature: { problem: 'missing' } },
    });
    const none = await runHosted(['events', 'verify', 'body'], { cwd: aWorkspace(), env });
    expect(none).toMatchObject({ code: 3, stderr: expect.stringContaining('--key-from') });
  });
});
