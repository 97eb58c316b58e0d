import { describe, expect, it } from 'vitest';
import type { JsonRecord } from '../../src/model/json.ts';
import { refusedCredential } from '../../src/sandbox/instance/authorise.ts';
import { part, type TenantAnswer, type TenantClient } from '../conformance/tenant-client.ts';
import { openSandbox, sharefileBody, sharefileConfiguration } from './open-sandbox.ts';

const app = {
  apiKey: sharefileConfiguration['oauth.api.key'],
  apiSecret: sharefileConfiguration['oauth.api.secret'],
  callbackUrl: sharefileConfiguration['oauth.callback.url'],
};

type Parameters = Readonly<Record<string, string>>;

function ask(call: TenantClient, element: string, parameters: Parameters, what = 'url'): Promise<TenantAnswer> {
  return call('GET', `/elements/${element}/oauth/${what}?${new URLSearchParams(parameters).toString()}`);
}

async function linkOf(call: TenantClient, element: string, parameters: Parameters = app): Promise<string> {
  const { status, body } = await ask(call, element, parameters);
  expect(status).toBe(200);
  return String(body['oauthUrl']);
}

/** What the browser does when a person clicks; answers where it is sent. */
async function click(link: string, decision: string, headers: Parameters = {}): Promise<URL> {
  const response = await fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ decision }),
    redirect: 'manual',
    headers,
  });
  expect(response.status).toBe(303);
  return new URL(response.headers.get('location') ?? '');
}

async function codeOf(call: TenantClient, parameters: Parameters = app): Promise<string> {
  const answer = await click(await linkOf(call, 'sharefile', parameters), 'allow');
  return answer.searchParams.get('code') ?? '';
}

function create(call: TenantClient, providerData: Parameters, configuration: Parameters = {}): Promise<TenantAnswer> {
  const body = sharefileBody({ providerData, configuration: { ...sharefileConfiguration, ...configuration } });
  return call('POST', '/instances', { body });
}

function refusal(answer: TenantAnswer): string {
  expect(answer.status).toBe(400);
  return String(answer.body['providerMessage'] ?? answer.body['message']);
}

describe('the address of a consent', () => {
  it.each(['sharefile', '450'])('is given for %s, with and without credentials', async (element) => {
    const { sandbox, call } = await openSandbox();
    const { body } = await ask(call, element, app);
    expect(body['element']).toBe('sharefile');
    const link = new URL(String(body['oauthUrl']));
    expect(link.href).toContain(`http://127.0.0.1:${sandbox.port}/provider/sharefile/authorize?`);
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      client_id: app.apiKey,
      redirect_uri: app.callbackUrl,
      response_type: 'code',
      state: 'sharefile',
    });
    expect(link.href).not.toContain(app.apiSecret);

    const open = await fetch(`${sandbox.url}/elements/${element}/oauth/url?${new URLSearchParams(app).toString()}`);
    expect(await open.json()).toEqual(body);
    const wrong = await call('GET', `/elements/${element}/oauth/url`, { authorization: 'User x, Organization y' });
    expect(wrong.status).toBe(401);
    expect((await fetch(`${sandbox.url}/elements/${element}`)).status).toBe(401);
  });

  it('is given for a POST with the same in its body', async () => {
    const { call } = await openSandbox();
    const answer = await call('POST', '/elements/sharefile/oauth/url', { body: { ...app, state: 's' } });
    expect(String(answer.body['oauthUrl'])).toBe(await linkOf(call, 'sharefile', { ...app, state: 's' }));
  });

  it.each(['apiKey', 'apiSecret', 'callbackUrl'])('needs %s', async (name) => {
    const { call } = await openSandbox();
    const { [name]: _left, ...others } = { ...app } as Parameters;
    expect(refusal(await ask(call, 'sharefile', others))).toBe(`Missing required parameter: ${name}`);
  });

  it.each(['javascript:alert(1)', '/oauth', 'https://user:pw@app.example.com/', 'ftp://app.example.com/'])(
    'refuses the callback %s',
    async (callbackUrl) => {
      const { call } = await openSandbox();
      expect(refusal(await ask(call, 'sharefile', { ...app, callbackUrl }))).toBe('Invalid parameter: callbackUrl');
    },
  );

  it('needs a site address where the authorization URL has a placeholder', async () => {
    const { call } = await openSandbox();
    expect(refusal(await ask(call, 'egnyte', app))).toBe('Missing required parameter: siteAddress');
    for (const name of ['siteAddress', 'subdomain']) {
      const link = await linkOf(call, 'egnyte', { ...app, [name]: 'acme' });
      expect(await (await fetch(link)).text()).toContain('https://acme.egnyte.com/puboauth/token');
    }
  });

  it('is refused for an element without OAuth, and for an unknown one', async () => {
    const { call } = await openSandbox();
    expect(refusal(await ask(call, 'closeio', app))).toBe('The element closeio does not use OAuth');
    expect((await ask(call, 'nothing', app)).status).toBe(404);
  });
});

describe('the page of a consent', () => {
  it('says who asks for what, as plain HTML that runs nothing', async () => {
    const { call } = await openSandbox();
    const hostile = { ...app, apiKey: '<script>alert("1")</script>', scope: 'read <b>write' };
    const page = await fetch(await linkOf(call, 'sharefile', hostile));
    const html = await page.text();
    expect(html).toContain('&#60;script&#62;');
    expect(html).not.toMatch(/<script|<b>write/);
    expect(html).toContain('<dd>read</dd>');
    expect(html).toContain(app.callbackUrl);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; .*frame-ancestors 'none'/);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example.com;");
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('sends the browser back with a code and the state unchanged, and keeps what the callback had', async () => {
    const { call } = await openSandbox();
    const state = 'a b+c/d=é&code=x#y';
    const callbackUrl = 'https://app.example.com/oauth?tenant=7';
    const answer = await click(await linkOf(call, 'sharefile', { ...app, callbackUrl, state }), 'allow');
    expect(answer.origin + answer.pathname).toBe('https://app.example.com/oauth');
    expect(answer.searchParams.getAll('state')).toEqual([state]);
    expect(answer.searchParams.get('tenant')).toBe('7');
    expect(answer.searchParams.getAll('code')).toHaveLength(1);
  });

  it('says why, when a person denies', async () => {
    const { call } = await openSandbox();
    const answer = await click(await linkOf(call, 'sharefile', { ...app, state: 's' }), 'deny');
    expect(Object.fromEntries(answer.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The user did not allow the access',
      state: 's',
    });
  });

  it.each(['redirect_uri', 'client_id', 'registration'])('goes nowhere when %s was changed', async (name) => {
    const { call } = await openSandbox();
    const link = new URL(await linkOf(call, 'sharefile'));
    link.searchParams.set(name, 'https://evil.example.com/');
    for (const method of ['GET', 'POST']) {
      const page = await fetch(link, { method, redirect: 'manual' });
      expect(page.status).toBe(400);
      expect(await page.text()).toContain('is not registered');
    }
  });

  it('takes no answer that another website sends, and none that is no answer', async () => {
    const { call } = await openSandbox();
    const link = await linkOf(call, 'sharefile');
    const post = async (decision: string, origin: string): Promise<number> => {
      const body = new URLSearchParams({ decision });
      return (await fetch(link, { method: 'POST', body, redirect: 'manual', headers: { origin } })).status;
    };
    expect(await post('allow', 'https://evil.example.com')).toBe(403);
    expect(await post('allow', 'null')).toBe(403);
    expect(await post('perhaps', new URL(link).origin)).toBe(400);
    expect(await post('allow', new URL(link).origin)).toBe(303);
    expect((await fetch(link, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(new URL('/provider/%ff/authorize', link))).status).toBe(404);
    expect((await fetch(new URL('/provider/nothing', link))).status).toBe(404);
  });
});

describe('a code of a consent', () => {
  it('makes one instance', async () => {
    const { call } = await openSandbox();
    const code = await codeOf(call);
    expect((await create(call, { code })).status).toBe(200);
    expect(refusal(await create(call, { code }))).toBe('invalid_grant: the code is expired or was used');
  });

  it('works for ten minutes', async () => {
    let now = 1_700_000_000_000;
    const { call } = await openSandbox({ clock: () => new Date(now) });
    const [early, late] = [await codeOf(call), await codeOf(call)];
    expect(early).not.toBe(late);
    now += 599_999;
    expect((await create(call, { code: early })).status).toBe(200);
    now += 1;
    expect(refusal(await create(call, { code: late }))).toBe('invalid_grant: the code is expired or was used');
  });

  it('works for the app, the callback and the connector that it was given to', async () => {
    const { call } = await openSandbox();
    const code = await codeOf(call);
    expect(refusal(await create(call, { code }, { 'oauth.api.key': 'other' }))).toContain('given to another app');
    expect(refusal(await create(call, { code }, { 'oauth.callback.url': 'https://b.example.com/' }))).toContain(
      'callback URL is another one',
    );
    expect(refusal(await create(call, { code: code.replace(/.=$/, 'x=') }))).toContain('not known');
    const others = { ...sharefileConfiguration, subdomain: 'acme' };
    const body = sharefileBody({ element: { key: 'egnyte' }, configuration: others, providerData: { code } });
    expect(refusal(await call('POST', '/instances', { body }))).toContain('given to another app');
    expect((await create(call, { code })).status).toBe(200);
  });

  it.each(['PUT', 'PATCH'])('authorises a live instance again by %s, which keeps id and token', async (method) => {
    const { call } = await openSandbox();
    const { body: before } = await create(call, { code: await codeOf(call) });
    const providerData = { code: await codeOf(call) };
    const body = { name: 'ShareFile', element: { key: 'sharefile' }, providerData };
    const after = await call(method, `/instances/${String(before['id'])}`, { body });
    expect(after.status).toBe(200);
    expect(after.body).toMatchObject({ id: before['id'], token: before['token'] });
    const again = await call(method, `/instances/${String(before['id'])}`, { body });
    expect(refusal(again)).toContain('was used');
  });

  it('needs what the vendor returned besides', async () => {
    const { call } = await openSandbox();
    const parameters = { ...app, 'authentication.type': 'oauth2' };
    const answer = await click(await linkOf(call, 'quickbooks', parameters), 'allow');
    const { state: _state, ...all } = Object.fromEntries(answer.searchParams);
    expect(all).toEqual({ code: expect.any(String), realmId: expect.any(String) });
    const make = (providerData: Parameters): Promise<TenantAnswer> => {
      const configuration = { ...sharefileConfiguration, 'authentication.type': 'oauth2' };
      const body = { element: { key: 'quickbooks' }, name: 'Books', configuration, providerData };
      return call('POST', '/instances', { body });
    };
    expect(refusal(await make({ code: all['code'] ?? '' }))).toBe('Missing required provider data: realmId');
    expect((await make(all)).status).toBe(200);
  });
});

describe('OAuth 1', () => {
  const shop = { 'store.url': 'https://shop.example.com' };
  const parameters = { ...app, siteAddress: shop['store.url'] };

  const make = (call: TenantClient, providerData: unknown): Promise<TenantAnswer> => {
    const configuration = { ...sharefileConfiguration, ...shop };
    const body = { element: { key: 'magento' }, name: 'Shop', configuration, providerData };
    return call('POST', '/instances', { body });
  };

  async function requestToken(call: TenantClient): Promise<JsonRecord> {
    const { status, body } = await ask(call, 'magento', parameters, 'token');
    expect(status).toBe(200);
    return body;
  }

  it('goes from a request token over consent and verifier to an instance', async () => {
    const { call } = await openSandbox();
    const { token, secret } = await requestToken(call);
    const link = await linkOf(call, 'magento', { ...parameters, requestToken: String(token), state: 's' });
    expect(link).not.toContain(String(secret));
    const answer = Object.fromEntries((await click(link, 'allow')).searchParams);
    expect(answer).toEqual({ oauth_token: token, oauth_verifier: expect.any(String), state: 's' });

    expect(refusal(await make(call, { ...answer, secret: 'x' }))).toContain('secret of the request token');
    expect(refusal(await make(call, { ...answer, secret, oauth_verifier: 'x' }))).toContain('verifier');
    const made = await make(call, { ...answer, secret });
    expect(made.status).toBe(200);
    expect(part(made.body, 'configuration')['oauth.user.token.secret']).toEqual(expect.any(String));
    expect(refusal(await make(call, { ...answer, secret }))).toContain('was used');
  });

  it('gives each a token of its own, and none to an app that the provider does not know', async () => {
    const { call } = await openSandbox();
    expect((await requestToken(call))['token']).not.toBe((await requestToken(call))['token']);
    const unknown = await ask(call, 'magento', { ...parameters, apiKey: refusedCredential }, 'token');
    expect(unknown.status).toBe(401);
    expect(refusal(await ask(call, 'sharefile', app, 'token'))).toContain('does not use OAuth 1');
  });

  it('gives no address without a request token, for one of another app, or for one that is old', async () => {
    let now = 1_700_000_000_000;
    const { call } = await openSandbox({ clock: () => new Date(now) });
    expect(refusal(await ask(call, 'magento', parameters))).toBe('Missing required parameter: requestToken');
    const asked = { ...parameters, requestToken: String((await requestToken(call))['token']) };
    expect(refusal(await ask(call, 'magento', { ...asked, apiKey: 'other' }))).toContain('given to another app');
    const link = await linkOf(call, 'magento', asked);
    now += 600_000;
    expect(refusal(await ask(call, 'magento', asked))).toContain('expired');
    const page = await fetch(link);
    expect(page.status).toBe(400);
    expect(await page.text()).toContain('expired');
  });
});

describe('a consent that the provider takes back', () => {
  it('fails five pings, switches the instance off, and ends when a person agrees again and it is switched on', async () => {
    const { call, sandbox } = await openSandbox();
    const { body: made } = await create(call, { code: await codeOf(call) });
    const path = `/instances/${String(made['id'])}`;
    const token = String(made['token']);
    const ping = async (): Promise<number> => (await call('GET', '/ping', { token })).status;
    expect(await ping()).toBe(200);

    sandbox.withdrawConsent(Number(made['id']));
    expect([await ping(), await ping(), await ping(), await ping()]).toEqual([401, 401, 401, 401]);
    expect(sandbox.instance(Number(made['id']))?.disabled).toBe(false);
    expect([await ping(), await ping()]).toEqual([401, 403]);
    expect((await call('GET', path)).body).toMatchObject({ disabled: true });

    // Either alone is not enough.
    await call('PUT', `${path}/enabled`);
    expect([await ping(), await ping()]).toEqual([401, 403]);
    await call('PUT', path, { body: { providerData: { code: await codeOf(call) } } });
    expect(await ping()).toBe(403);
    await call('PUT', `${path}/enabled`);
    expect(await ping()).toBe(200);
    expect(sandbox.instance(Number(made['id']))).toMatchObject({ id: made['id'], token });
  });

  it('comes of a fault too, and of nothing where nobody agreed', async () => {
    const { call, sandbox } = await openSandbox({ faults: [{ kind: 'withdraw-consent' }] });
    const { token } = (await create(call, { code: await codeOf(call) })).body;
    expect((await call('GET', '/ping', { token: String(token) })).status).toBe(401);
    const closeio = sandbox.seed({ connector: 'closeio', name: 'C', configuration: { username: 'key' } });
    expect((await call('GET', '/ping', { token: closeio.token })).status).toBe(200);
  });
});
