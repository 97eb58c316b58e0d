import { describe, expect, it } from 'vitest';
import type { GithubClient } from '../../../src/action/github/client.ts';
import { nextPage } from '../../../src/action/github/exchange.ts';
import { GithubError } from '../../../src/action/github/github-error.ts';
import { startProxy } from '../../support/connect-proxy.ts';
import { jobToken } from '../../support/fake-github.ts';
import { type Answer, type ReceivedRequest, startServer } from '../../support/http-server.ts';
import { openClient } from './open-client.ts';

async function failure(promise: Promise<unknown>): Promise<GithubError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof GithubError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

async function all(client: GithubClient, path: string): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  for await (const item of client.list(path)) items.push(item);
  return items;
}

const ok: Answer = { json: { ok: true } };
const limited: Answer = { status: 429, headers: { 'retry-after': '7' }, json: { message: 'slow down' } };

describe('a request to GitHub', () => {
  it('carries the token, the version of the API and a name', async () => {
    const server = await startServer([ok]);
    const { client } = openClient(server.origin);
    expect(await client.get('/pulls/1', { state: 'a b' })).toEqual({ ok: true });
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/repos/acme/integrations/pulls/1' });
    expect(server.requests[0]?.query.get('state')).toBe('a b');
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${jobToken}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'connectorctl/test',
    });
  });

  it.each([
    ['429 with Retry-After', [limited, ok], [7_000]],
    ['403 of a secondary limit', [{ status: 403, headers: { 'retry-after': '3' }, json: {} }, ok], [3_000]],
    [
      '403 that names a secondary limit only in words',
      [{ status: 403, json: { message: 'You have exceeded a secondary rate limit.' } }, ok],
      [60_000],
    ],
    [
      '403 of the hour',
      [
        {
          status: 403,
          headers: {
            'x-ratelimit-remaining': '0',
            'x-ratelimit-reset': '1767225630',
            date: 'Thu, 01 Jan 2026 00:00:00 GMT',
          },
          json: { message: 'API rate limit exceeded' },
        },
        ok,
      ],
      [31_000],
    ],
    ['502 and a cut connection', [{ status: 502, body: 'gateway' }, { fault: 'reset' }, ok], [1_000, 2_000]],
  ] as const)('waits as it is told after %s', async (_, answers, wanted) => {
    const server = await startServer(answers);
    const { client, pauses } = openClient(server.origin);
    expect(await client.get('/x')).toEqual({ ok: true });
    expect(pauses).toEqual(wanted);
  });

  it('does not wait longer than its budget', async () => {
    const server = await startServer([{ status: 429, headers: { 'retry-after': '3600' }, json: { message: 'later' } }]);
    const { client, pauses } = openClient(server.origin);
    const error = await failure(client.get('/x'));
    expect(error).toMatchObject({ code: 'github-rate-limit', status: 429, hint: 'Run the job again later.' });
    expect(pauses).toEqual([]);
  });

  it('ends after four attempts', async () => {
    const server = await startServer(() => ({ status: 503, body: '' }));
    expect(await failure(openClient(server.origin).client.get('/x'))).toMatchObject({ status: 503, unclear: false });
    expect(server.requests).toHaveLength(4);
  });

  it.each(['reset', 'truncate', 502] as const)('is sent once when it is a POST and %s comes', async (fault) => {
    const answer: Answer = fault === 502 ? { status: 502, body: '' } : { json: { id: 1 }, fault };
    const server = await startServer(() => answer);
    const error = await failure(openClient(server.origin).client.send('POST', '/x', {}));
    expect(error.unclear).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it('is sent again when it is a POST that was turned away for its number', async () => {
    const server = await startServer([limited, ok]);
    expect(await openClient(server.origin).client.send('POST', '/x', { a: 1 })).toEqual({ ok: true });
    expect(server.requests.map((request) => request.body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('is sent again when it is a PATCH or a DELETE', async () => {
    const server = await startServer([{ fault: 'reset' }, ok, { status: 500, body: '' }, { status: 204, body: '' }]);
    const { client } = openClient(server.origin);
    expect(await client.send('PATCH', '/x', {})).toEqual({ ok: true });
    expect(await client.send('DELETE', '/x')).toBeUndefined();
    expect(server.requests).toHaveLength(4);
  });

  it('is not unclear when nobody was there', async () => {
    const server = await startServer([]);
    await server.close();
    const error = await failure(openClient(server.origin).client.send('POST', '/x', {}));
    expect(error).toMatchObject({ code: 'github-unreachable', unclear: false });
  });

  it('does not wait for ever', async () => {
    const server = await startServer(() => ({ fault: 'hang' }));
    const error = await failure(openClient(server.origin, { timeout: 20 }).client.get('/x'));
    expect(error.message).toContain('GitHub did not answer GET /repos/acme/integrations/x');
  });

  it('follows no redirection', async () => {
    const other = await startServer([ok]);
    const server = await startServer([{ status: 307, headers: { location: `${other.origin}/x` }, body: '' }]);
    expect(await failure(openClient(server.origin).client.get('/x'))).toMatchObject({ status: 307 });
    expect(other.requests).toEqual([]);
  });

  it('is refused in words that cannot act, without the token, and names the permission', async () => {
    const message = `no\n::error::x ${jobToken} ${Buffer.from(jobToken).toString('base64')} \u202e##[group]`;
    const headers = { 'x-accepted-github-permissions': 'issues=write' };
    const json = { message, errors: [{ message: 'body is too long' }, 'plain'] };
    const server = await startServer([{ status: 403, headers, json }]);
    const error = await failure(openClient(server.origin).client.get('/x'));
    expect(error.message).toContain('GitHub answered 403 to GET /repos/acme/integrations/x: no⏎:\\x3aerror');
    expect(error.message).toContain('body is too long; plain');
    expect(error.message).not.toMatch(/::|##\[|canary|\u202e/);
    expect(error.message).not.toContain(Buffer.from(jobToken).toString('base64').slice(4, 20));
    expect(error.hint).toContain('This needs: issues=write.');
  });

  it('is not sent with a token that would break the header', async () => {
    const server = await startServer([]);
    for (const token of ['a b', 'a\r\nx: y', 'ä']) {
      await expect(openClient(server.origin, {}, token).client.get('/x')).rejects.toThrow('The input `token`');
    }
    expect(server.requests).toEqual([]);
  });

  it('goes through the proxy of the environment, but not to this machine', async () => {
    const proxy = await startProxy(502);
    const server = await startServer([ok]);
    const env = { HTTPS_PROXY: proxy.url.replace('http://', ''), HTTP_PROXY: proxy.url };
    await openClient(server.origin, { env }).client.get('/x');
    expect(proxy.tunnels).toEqual([]);
    await failure(openClient('https://api.github.invalid', { env }).client.send('POST', '/x', {}));
    expect(proxy.tunnels.at(0)?.to).toBe('api.github.invalid:443');
    expect(() => openClient('https://api.github.invalid', { env: { HTTPS_PROXY: 'socks://x' } })).toThrow('proxy');
  });
});

describe('a proxy on the way to GitHub', () => {
  it.each([['hang-up'], ['hang-up-later']] as const)(
    'is not tried for ever when it does %s',
    async (refuse) => {
      const proxy = await startProxy(refuse);
      const env = { HTTPS_PROXY: proxy.url };
      const { client, pauses } = openClient('https://api.github.invalid', { env, timeout: 2_000 });
      const error = await failure(client.send('PATCH', '/x', {}));
      expect(error).toMatchObject({ code: 'github-unreachable', unclear: false });
      expect(error.message).toMatch(/the (?:proxy closed|connection was (?:lost|closed))/);
      expect(proxy.tunnels).toHaveLength(4);
      expect(pauses).toEqual([1_000, 2_000, 4_000]);
    },
    20_000,
  );
});

function page(request: ReceivedRequest, origin: string, next: string | undefined): Answer {
  return {
    json: [Number(request.query.get('page') ?? 1)],
    headers: next === undefined ? {} : { link: `<${origin}/first>; rel="first", <${next}>; rel="next"` },
  };
}

describe('a list', () => {
  it('is read over all its pages', async () => {
    const server = await startServer((request, index) =>
      page(request, server.origin, index === 2 ? undefined : `${server.origin}/x?page=${index + 2}`),
    );
    expect(await all(openClient(server.origin).client, '/x')).toEqual([1, 2, 3]);
    expect(server.requests[0]?.query.get('per_page')).toBe('100');
  });

  it('is not followed to another server, where the token must not go', async () => {
    const other = await startServer([ok]);
    const server = await startServer((request) => page(request, server.origin, `${other.origin}/x`));
    expect(await failure(all(openClient(server.origin).client, '/x'))).toMatchObject({ code: 'github-unreadable' });
    expect(other.requests).toEqual([]);
  });

  it('that never ends is given up', async () => {
    const server = await startServer((request) => page(request, server.origin, `${server.origin}/x?page=2`));
    expect(await failure(all(openClient(server.origin).client, '/x'))).toMatchObject({ code: 'github-unreadable' });
    expect(server.requests).toHaveLength(200);
  });

  it('that is none, or is cut, is an error and not an empty list', async () => {
    const server = await startServer([{ json: {} }, { body: '[1, 2' }]);
    const { client } = openClient(server.origin);
    expect((await failure(all(client, '/x'))).message).toContain('it is not a list');
    expect((await failure(all(client, '/x'))).message).toContain('it is not a list');
  });

  it('has its next page where the header says so', () => {
    const current = 'https://api.github.com/a?page=1';
    const at = (link: string): string => String(nextPage(link, current));
    expect(at('<https://api.github.com/a?page=2>; rel="next"')).toBe('https://api.github.com/a?page=2');
    expect(at('<https://api.github.com/a,b?page=1>; rel="prev", </a?page=3>; rel=next')).toBe(
      'https://api.github.com/a?page=3',
    );
    expect(at('<https://api.github.com/a?page=9>; rel="last"')).toBe('undefined');
    expect(at('<http://api.github.com/a?page=2>; rel="next"')).toBe('elsewhere');
  });
});
