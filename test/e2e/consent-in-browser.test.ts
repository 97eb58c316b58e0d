import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Browser, startChromium, type Tab } from '../support/browser/chromium.ts';
import { findChromium } from '../support/browser/find-chromium.ts';
import { appSecret, freePort } from '../support/consent.ts';
import { findLeaks } from '../support/leaks.ts';
import { credentials, remoteWorkspace, startPlatform, type TestPlatform } from '../support/platform.ts';
import { type Ended, openRig, type Rig, type Running } from '../support/rig.ts';

const chromium = findChromium();
if ('missing' in chromium) console.warn(chromium.missing);

/** The documented ShareFile body that polls, with its callback on this machine. */
function polling(callback: string): string {
  return `connector: sharefile
name: ShareFile polling
tags: [Docs]
configuration:
  oauth.api.key: our-app
  oauth.api.secret: \${{ secrets.APP_SECRET }}
  oauth.callback.url: ${callback}
  document.root.folder.name: /top
  sharefile.subdomain: cloud-elements
  event.notification.enabled: true
  event.vendor.type: polling
  event.notification.callback.url: https://app.example.com/events
  event.poller.refresh_interval: 15
`;
}

const env = { ...credentials, ...appSecret };

interface Scene {
  readonly rig: Rig;
  readonly platform: TestPlatform;
  readonly tab: Tab;
  /** Starts `authorize`, and answers when it waits, with the address that it shows. */
  readonly authorize: (...words: readonly string[]) => Promise<{ readonly command: Running; readonly link: string }>;
  /** The end of a command, with no secret in what it wrote. */
  readonly endOf: (command: Running, address?: string) => Promise<Ended>;
}

describe.skipIf('missing' in chromium)('consent in a browser', () => {
  const opened: { browser?: Browser } = {};

  beforeAll(async () => {
    if ('program' in chromium) opened.browser = await startChromium(chromium.program);
  });
  afterAll(() => opened.browser?.close());

  async function openTab(): Promise<Tab> {
    const tab = await opened.browser?.openTab();
    if (tab === undefined) throw new Error('there is no browser');
    onTestFinished(() => tab.close());
    return tab;
  }

  async function openScene(): Promise<Scene> {
    const platform = await startPlatform();
    const rig = openRig({
      'connectorctl.yaml': remoteWorkspace(platform.origin),
      'instances/polling.yaml': polling(`http://127.0.0.1:${await freePort()}/oauth`),
    });
    return {
      rig,
      platform,
      tab: await openTab(),
      authorize: async (...words) => {
        const command = rig.start(['authorize', 'polling', ...words], { env });
        await command.stderrHas('Waiting up to');
        return { command, link: /^ +(http:\S+)$/m.exec(command.said())?.[1] ?? '' };
      },
      endOf: async (command, address = '') => {
        const ended = await command.ended;
        const code = new URL(address === '' ? 'http://x/' : address).searchParams.get('code') ?? '';
        const tokens = platform.sandbox.instances().map(({ token, id }) => [`token of ${id}`, token]);
        const hidden = { ...appSecret, ...(code === '' ? {} : { code }), ...Object.fromEntries(tokens) };
        expect(findLeaks(ended.stdout + ended.stderr, hidden)).toEqual([]);
        return ended;
      },
    };
  }

  it('makes the instance when a person clicks "Allow", with our tags, and the next plan is empty', async () => {
    const { rig, platform, tab, authorize, endOf } = await openScene();
    const { command, link } = await authorize();
    await tab.open(link);
    expect(await tab.text()).toContain('The app our-app asks to act for you in');
    await tab.click('Allow');
    expect(await tab.text()).toContain('The answer arrived. Close this page and go back to the terminal');
    const ended = await endOf(command, await tab.address());
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('created') });
    const instances = platform.sandbox.instances();
    expect(instances).toMatchObject([{ connector: 'sharefile', name: 'ShareFile polling' }]);
    expect(instances[0]?.tags).toEqual(
      expect.arrayContaining(['Docs', 'connectorctl/acme/test', 'connectorctl/acme/test/polling']),
    );
    const planned = await rig.run(['plan', '--detailed-exitcode'], { env });
    expect(planned).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes') });

    // The login breaks, and the platform switches the instance off.
    const [before] = instances;
    platform.sandbox.withdrawConsent(before?.id ?? 0, 5);
    const broken = await rig.run(['plan'], { env });
    expect(broken.stdout).toContain('connectorctl authorize --env test polling');
    const again = await authorize();
    await tab.open(again.link);
    await tab.click('Allow');
    expect((await endOf(again.command, await tab.address())).code).toBe(0);
    expect(platform.sandbox.instances()).toMatchObject([{ id: before?.id, token: before?.token, disabled: false }]);
    expect((await rig.run(['plan', '--detailed-exitcode'], { env })).code).toBe(0);
  });

  it('ends clearly when a person clicks "Deny", or the answer has another state', async () => {
    const { platform, tab, authorize, endOf } = await openScene();
    const { command, link } = await authorize();
    await tab.open(link);
    await tab.click('Deny');
    const ended = await endOf(command);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('The user did not allow the access');

    const other = await authorize();
    const forged = new URL(other.link);
    forged.searchParams.set('state', 'sharefile');
    await tab.open(forged.href);
    await tab.click('Allow');
    const refused = await endOf(other.command, await tab.address());
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('Its state was not made by connectorctl');
    expect(platform.sandbox.instances()).toEqual([]);
  });

  it('ends clearly when the tab is closed and nobody answers', async () => {
    const { platform, authorize, endOf } = await openScene();
    const { command, link } = await authorize('--timeout', '1s');
    const closed = await opened.browser?.openTab();
    await closed?.open(link);
    await closed?.close();
    const ended = await endOf(command);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Nobody agreed at the provider in time');
    expect(platform.sandbox.instances()).toEqual([]);
  });

  it('walks a newcomer through it: npm run demo:oauth', async () => {
    const demo = spawn(process.execPath, [path.join(import.meta.dirname, '../../.ci/demo-oauth.mjs')]);
    onTestFinished(() => void demo.kill('SIGKILL'));
    let said = '';
    const ended = new Promise<number | null>((resolve) => demo.once('close', resolve));
    const link = await new Promise<string>((resolve, reject) => {
      for (const stream of [demo.stdout, demo.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          const [, url] = /^ +(http:\S+)\n[^]*Waiting up to/m.exec(said) ?? [];
          if (url !== undefined) resolve(url);
        });
      }
      void ended.then(() => reject(new Error(said)));
    });
    const tab = await openTab();
    await tab.open(link);
    await tab.click('Allow');
    expect({ code: await ended, said }).toMatchObject({ code: 0, said: expect.stringContaining('No changes') });
  });

  it('ends at the page that init writes, which shows the address to copy and sends nothing', async () => {
    const rig = openRig();
    await rig.run(['init', '--callback-page', '--no-workflows']);
    const page = rig.read('oauth-callback/index.html');
    const asked: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(url.startsWith('/oauth-callback/') ? page : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

    const tab = await openTab();
    const answer = `${origin}/oauth-callback/?code=4%2F0-code&state=c1.x&realmId=7`;
    await tab.open(answer);
    expect(await tab.evaluate("document.getElementById('address').value")).toBe(answer);
    expect(await tab.text()).toContain('You agreed.');
    const stored = '[document.cookie, localStorage.length, sessionStorage.length].join()';
    expect(await tab.evaluate(stored)).toBe(',0,0');
    await tab.open(`${origin}/oauth-callback/?error=access_denied&error_description=%3Cimg%20src%3Dx%3E`);
    expect(await tab.text()).toContain('The provider refused: access_denied. <img src=x>');
    expect(asked.filter((url) => !url.startsWith('/oauth-callback/?') && url !== '/favicon.ico')).toEqual([]);
  });
});
