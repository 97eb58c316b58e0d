import { describe, expect, it } from 'vitest';
import { consentAt, sharefileOf } from '../support/consent.ts';
import { ask, askOne, authorize, complete, liveOf, openConsent, stoppedBy } from '../support/consent-seat.ts';
import { otherUser } from '../support/hostile-habits.ts';
import { expectSettled } from '../support/hostile-world.ts';
import { definitionOf } from '../support/world.ts';

const app = `  oauth.api.key: our-app
  oauth.api.secret: \${{ secrets.APP_SECRET }}
  oauth.callback.url: https://app.example.com/oauth
`;

describe('ways of consent', () => {
  it('OAuth 1: a request token, a verifier, and the secret that came back to nobody', async () => {
    const shop = `connector: magento\nname: Shop\nconfiguration:\n${app}  store.url: https://shop.example.com\n`;
    const world = await openConsent({ files: { 'docs.yaml': shop } });
    const request = await askOne(world);
    const { requestToken, url, nonce } = request;
    expect(request.kind).toBe('oauth1');
    const address = await consentAt(url);
    expect(stoppedBy(await complete(world, address))).toBe('state-other-request');
    const other = await askOne(world);
    expect(stoppedBy(await complete(world, address, { requestToken: other.requestToken }))).toBe('state-other-request');
    expect(await complete(world, address, { requestToken, nonce })).toMatchObject({ code: 0 });
    const before = liveOf(world);
    world.platform.sandbox.change(before.id, { valid: false });
    expect(await authorize(world)).toMatchObject({ code: 0, changes: ['reauthorize docs'] });
    expect([liveOf(world).id, liveOf(world).token, liveOf(world).valid]).toEqual([before.id, before.token, true]);
    await expectSettled(world);
  });

  it('a provider that sends more than a code, of a connector that knows several ways', async () => {
    const books = `connector: quickbooks\nname: Books\nconfiguration:\n${app}  authentication.type: oauth2\n`;
    const world = await openConsent({ files: { 'docs.yaml': books } });
    expect(await authorize(world)).toMatchObject({ code: 0, statuses: { docs: 'succeeded' } });
  });

  it('the site is found by the placeholder in the address of the connector, and a missing one is named with its place', async () => {
    const egnyte = `connector: egnyte\nname: Egnyte\nconfiguration:\n${app}`;
    const world = await openConsent({
      files: { 'docs.yaml': egnyte, 'other.yaml': `${egnyte}  subdomain: acme\n`.replace('name: E', 'name: F') },
    });
    const { requests, unasked } = await ask(world);
    expect(requests.map(({ key, url }) => [key, new URL(url).searchParams.get('site')])).toEqual([
      ['other', 'https://acme.egnyte.com/puboauth/token'],
    ]);
    expect(unasked.map(({ key, error }) => [key, error.code, error.message])).toEqual([
      ['docs', 'app-incomplete', expect.stringMatching(/^instances\/docs\.yaml:1:1: docs .* subdomain has no value/)],
    ]);
  });

  it('nobody is asked where a password is enough', async () => {
    const world = await openConsent({ files: { 'docs.yaml': definitionOf('Docs') } });
    const { unasked } = await ask(world, { keys: ['docs'] });
    expect(unasked.map(({ error }) => error.code)).toEqual(['no-consent-needed']);
    expect((await ask(world)).requests).toEqual([]);
  });

  it('another connector: the old instance goes when the new one is there', async () => {
    const world = await openConsent({ files: { 'docs.yaml': definitionOf('Docs') } });
    await world.apply();
    const { id } = liveOf(world);
    world.rig.write('instances/docs.yaml', sharefileOf('Docs'));
    expect((await ask(world, { keys: ['docs'] })).unasked.map(({ error }) => error.code)).toEqual(['not-authorizable']);
    expect(await world.apply({ allowReplace: true })).toMatchObject({ code: 6 });
    expect(liveOf(world).id).toBe(id);
    expect(await authorize(world, { allowReplace: true })).toMatchObject({ code: 0 });
    expect(liveOf(world).connector).toBe('sharefile');
    await expectSettled(world);
  });

  it('where none is seen of the instances that there were, nothing is made beside them', async () => {
    const world = await openConsent({ files: { 'docs.yaml': sharefileOf('Docs'), 'ann.yaml': definitionOf('Ann') } });
    await world.apply();
    const { url } = await askOne(world);
    const address = await consentAt(url);
    world.platform.set(otherUser);
    const refused = await complete(world, address);
    expect([refused.code, stoppedBy(refused)]).toEqual([6, 'declined']);
    const [, digest] = /connectorctl authorize docs --allow-limits ([0-9a-f]{64})/.exec(refused.said) ?? [];
    expect(world.names()).toEqual(['Ann']);
    // No list shows this user what was made.
    expect(await complete(world, address, { allowLimits: digest })).toMatchObject({ code: 7 });
    expect(world.names()).toEqual(['Ann', 'Docs']);
  });

  it('an address in which the platform repeats a secret is not shown', async () => {
    const world = await openConsent();
    world.platform.set(() => ({
      around: async (request, next) => {
        const answer = await next(request);
        if (!request.path.endsWith('/oauth/url')) return answer;
        const { oauthUrl } = JSON.parse(String(answer.body));
        return { ...answer, body: JSON.stringify({ oauthUrl: `${oauthUrl}&s=${request.query.get('apiSecret')}` }) };
      },
    }));
    const { requests, unasked } = await ask(world);
    expect(requests).toEqual([]);
    expect(unasked.map(({ error }) => error.code)).toEqual(['consent-link-shows-secret']);
    expect(unasked[0]?.error.message).not.toContain('the secret of our app');
  });
});
