import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startChromium } from '../support/browser/chromium.ts';
import { findChromium } from '../support/browser/find-chromium.ts';
import { openReceiver, signingKey } from '../support/notify.ts';

const chromium = findChromium();
if ('missing' in chromium) console.warn(chromium.missing);

describe.skipIf('missing' in chromium)('the page of events in a browser', () => {
  it('makes an object, of which the callback is told', async () => {
    const receiver = await openReceiver();
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    sandbox.seed({
      connector: 'sharefile',
      name: 'Files',
      configuration: {
        'oauth.api.key': 'an app',
        'oauth.api.secret': 'its secret',
        'oauth.callback.url': 'https://app.example/oauth',
        'sharefile.subdomain': 'acme',
        'document.root.folder.name': '/top',
        'event.notification.enabled': 'true',
        'event.vendor.type': 'webhook',
        'event.notification.callback.url': receiver.url,
        'event.notification.signature.key': signingKey,
      },
    });
    if (!('program' in chromium)) return;
    const browser = await startChromium(chromium.program);
    onTestFinished(() => browser.close());
    const tab = await browser.openTab();
    await tab.open(new URL('/sandbox/events', sandbox.url).href);
    await tab.click('Make one');
    await sandbox.events.run();
    expect(receiver.received).toMatchObject([
      { status: 204, notification: { instanceName: 'Files', events: [{ type: 'CREATED', objectType: 'documents' }] } },
    ]);
    expect(await tab.address()).toBe(new URL('/sandbox/events', sandbox.url).href);
    await tab.click('Look again');
    expect(await tab.text()).toContain('delivered');
    await tab.click('Delete');
    await sandbox.events.run();
    expect(receiver.received.at(-1)).toMatchObject({ notification: { events: [{ type: 'DELETED' }] } });
  });
});
