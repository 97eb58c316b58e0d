import { describe, expect, it } from 'vitest';

import { PlatformError } from '../../src/model/platform.ts';
import { Secret } from '../../src/model/secret.ts';
import { startServer, type Answer } from '../support/http-server.ts';
import { aReader, aWriter, errorOf, optionsFor, organizationText, userText, wireInstance } from './clients.ts';

async function refuse(answer: Answer): Promise<PlatformError> {
  const server = await startServer(() => answer);
  const error = await errorOf(aReader(server.origin).readInstance('7'));
  if (error instanceof PlatformError) return error;
  throw error;
}

function refusing(status: number, body: unknown = { message: 'No', requestId: 'r1' }): Promise<PlatformError> {
  return refuse({ status, json: body });
}

describe('an answer that is no success', () => {
  it("brings the server's words to the user", async () => {
    const error = await refusing(400, { message: 'Bad site', providerMessage: 'invalid_grant', requestId: '53dbca94' });
    expect(error.message).toMatch(
      /^The platform refused the request: 127\.0\.0\.1:\d+ answered GET \/instances\/7 with HTTP 400\. It says: "Bad site" The provider says: "invalid_grant"$/,
    );
    expect(error).toMatchObject({ code: 'rejected', status: 400, requestId: '53dbca94', unclear: false });
  });

  it.each([
    [401, 'unauthorized', /CONNECTORCTL_USER_SECRET and CONNECTORCTL_ORGANIZATION_SECRET .* on 127\.0\.0\.1:\d+/],
    [403, 'forbidden', /privilege/],
    [404, 'not-found', /`baseUrl`/],
    [409, 'conflict', /^$/],
    [422, 'rejected', /^$/],
    [429, 'rate-limited', /--concurrency/],
    [500, 'server-error', /later/],
  ] as const)('with %s has the code %s and a next step where there is one', async (status, code, hint) => {
    const error = await refusing(status, { message: 'x' });
    expect(error.code).toBe(code);
    expect(error.hint ?? '').toMatch(hint);
  });

  it('names the privilege that a create needs', async () => {
    const server = await startServer(() => ({ status: 403, json: { message: 'No', requestId: 'r' } }));
    const request = { connector: 'x', name: 'x', tags: [], configuration: new Map(), providerData: new Map() };
    expect(await errorOf(aWriter(server.origin).createInstance(request))).toMatchObject({
      hint: expect.stringContaining('createElementInstances') as unknown,
    });
  });

  it('doubts the base URL only when it was not the platform that found nothing', async () => {
    expect((await refuse({ status: 404, body: 'Not Found' })).hint).toContain('`baseUrl`');
    const server = await startServer(() => ({ status: 404, json: { message: 'No instance found', requestId: 'r' } }));
    expect(await errorOf(aWriter(server.origin).setEnabled('7', true))).toMatchObject({
      code: 'not-found',
      hint: undefined,
    });
  });

  it('that is a page of some proxy gives its title', async () => {
    const body = '<!DOCTYPE html>\n<html><head><title>\n 403  Blocked by policy</title></head><body>...</body></html>';
    expect((await refuse({ status: 403, body })).message).toContain('It says: "403 Blocked by policy"');
  });

  it.each([[''], ['[]'], ['{"message":7,"requestId":{}}'], ['null'], ['<html>']])('may hold %j', async (body) => {
    const error = await refuse({ status: 400, body });
    expect(error.message).toMatch(/with HTTP 400\.$/);
    expect(error.requestId).toBeUndefined();
  });

  it('takes the request id from the header when the body has none', async () => {
    const error = await refuse({ status: 400, body: '', headers: { 'elements-request-id': 'h1' } });
    expect(error.requestId).toBe('h1');
  });
});

describe('the words of a server that means harm', () => {
  it('are escaped', async () => {
    const error = await refusing(400, {
      message: 'a\u001B[2Jb\r\n::error::c\u202E',
      providerMessage: '\0',
      requestId: 'r\u001B]0;x\u0007',
    });
    expect(error.message).toContain(String.raw`It says: "a\x1b[2Jb\r⏎:\x3aerror:\x3ac\u{202e}`);
    expect(error.requestId).toBe(String.raw`r\x1b]0;x\x07`);
    expect(error.message).not.toMatch(/\p{Cc}/u);
  });

  it('are cut', async () => {
    const error = await refusing(400, { message: 'x'.repeat(1_000_000), requestId: 'r' });
    expect(error.message.length).toBeLessThan(2_500);
    expect(error.message).toContain('(cut, 1000000 characters in all)');
  });

  it.each<[string, (text: string) => string]>([
    ['plain', (text) => text],
    ['base64', (text) => Buffer.from(text).toString('base64')],
    ['base64 without padding', (text) => Buffer.from(text).toString('base64').replace(/=+$/, '')],
    ['base64url', (text) => Buffer.from(text).toString('base64url')],
    ['URL-encoded', encodeURIComponent],
    ['JSON-escaped', (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
    ['HTML-escaped', (text) => text.replaceAll('"', '&quot;').replaceAll('&', '&amp;')],
  ])('cannot bring a secret back %s', async (_form, encode) => {
    for (const secret of [userText, organizationText]) {
      const echo = `Bad ${encode(secret)}!`;
      const error = await refusing(400, { message: echo, providerMessage: echo, requestId: encode(secret) });
      expect(error.message).not.toContain(encode(secret));
      expect(error.message.match(/\(secret\)/g)).toHaveLength(2);
      expect(error.requestId).toBe('(secret)');
      const page = await refuse({ status: 502, body: `<title>${echo}</title>` });
      expect(page.message).not.toContain(encode(secret));
    }
  });

  it('cannot bring a secret back that an earlier answer held', async () => {
    const server = await startServer([
      { json: [wireInstance(7, { token: 'T0ken/ofSeven=', configuration: { password: 'Hunter2+hunter' } })] },
      { status: 400, json: { message: 'T0ken/ofSeven= and Hunter2+hunter', requestId: 'r' } },
    ]);
    const reader = aReader(server.origin);
    await reader.listInstances();
    expect(String(await errorOf(reader.readInstance('7')))).toContain('It says: "(secret) and (secret)"');
  });

  it('cannot split a secret by the cut', async () => {
    const server = await startServer(() => ({ status: 400, json: { message: `${'x'.repeat(1_990)}${userText}` } }));
    const error = await errorOf(aReader(server.origin).readInstance('7'));
    expect(String(error)).not.toContain(userText.slice(0, 6));
  });

  it('cannot reach a redirect message', async () => {
    const options = optionsFor('http://127.0.0.1:1');
    options.redactor.add(new Secret('secret-host', 'x'));
    const server = await startServer(() => ({ status: 302, headers: { location: 'https://secret-host.example/' } }));
    const error = await errorOf(aReader(server.origin, { redactor: options.redactor }).readInstance('7'));
    expect(String(error)).toContain('(secret).example');
  });
});
