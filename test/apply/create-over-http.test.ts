import { encodeApplied } from '../../src/tags/applied-vector.ts';
import { describe, expect, it } from 'vitest';
import { createInstance, defaultCreateOptions } from '../../src/apply/create-instance.ts';
import { PlatformError } from '../../src/model/platform.ts';
import { Secret } from '../../src/model/secret.ts';
import type { CreateRequest } from '../../src/model/work.ts';
import { createRedactor } from '../../src/secret/redactor.ts';
import { connectWriter } from '../../src/platform/writer.ts';
import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';
import { portsOver } from '../support/apply-ports.ts';
import { createOf } from '../support/create-world.ts';
import type { Answer, ReceivedRequest } from '../support/http-server.ts';
import { startPlatform } from '../support/platform.ts';

const request: CreateRequest = {
  connector: 'actessentials',
  name: 'a',
  tags: ['connectorctl/own/test', 'connectorctl/own/test/a', ...encodeApplied({ check: 'AAAAAA', entries: new Map() })],
  configuration: new Map<string, Secret | string>([
    ['username', 'robot'],
    ['password', new Secret('pa55', 'test')],
  ]),
  providerData: new Map(),
};

/** When the platform carries out the first POST: before it is answered, never, or when this many look-ups have been answered. */
type Commit = 'at once' | 'never' | { readonly afterLists: number };

/** Runs the real create over the real client, on a platform that answers the first POST so. */
async function runCreate(answer: Answer, commit: Commit) {
  const posts: ReceivedRequest[] = [];
  let lists = 0;
  const seed = () =>
    platform.sandbox.seed({
      connector: 'actessentials',
      name: 'a',
      tags: request.tags,
      configuration: { username: 'robot', password: 'pa55' },
    });
  const platform = await startPlatform({
    before: (received) => {
      if (received.method === 'GET') {
        lists += 1;
        if (typeof commit === 'object' && lists === commit.afterLists + 1) seed();
        return undefined;
      }
      posts.push(received);
      if (posts.length > 1) return undefined;
      if (commit === 'at once') seed();
      return answer;
    },
  });
  const writer = connectWriter({
    baseUrl: `${platform.origin}/elements/api-v2`,
    credentials: {
      userSecret: new Secret(sandboxCredentials.userSecret, 'test'),
      organizationSecret: new Secret(sandboxCredentials.organizationSecret, 'test'),
    },
    redactor: createRedactor(),
    userAgent: 'test',
    timeouts: { headers: 500, body: 500 },
    sleep: async () => {},
  });
  try {
    const ports = portsOver(writer);
    const outcome = await createInstance(createOf, request, ports).catch((error: unknown) => error);
    const ids = platform.sandbox.instances().map(({ id }) => String(id));
    return { outcome, ids, posts: posts.length, slept: ports.slept() };
  } finally {
    await writer.close();
  }
}

const page = '<html><head><title>Blocked</title></head></html>';
const instance = JSON.stringify({ id: 1, name: 'a', tags: [], element: { key: 'actessentials' } });
const failed = (status: number): Answer => ({ status, json: { message: 'Failed', requestId: 'r' } });

const unclear: readonly (readonly [string, Answer])[] = [
  ['a reset', { fault: 'reset' }],
  ['no answer in time', { fault: 'hang' }],
  ['a truncated answer', { body: instance, fault: 'truncate' }],
  ['an answer that stops', { body: instance, fault: 'stall' }],
  ['HTTP 500', failed(500)],
  ['HTTP 502', failed(502)],
  ['HTTP 503', failed(503)],
  ['HTTP 504', { status: 504, body: page }],
  ['HTTP 408', { status: 408, body: page }],
  ['a page with 200', { body: page }],
  ['an empty 200', { body: '' }],
  ['a 200 that is no instance', { json: { done: true } }],
];

const pages: readonly (readonly [string, Answer])[] = [
  ['a page of a firewall with 403', { status: 403, body: page }],
  ['a page of a proxy with 407', { status: 407, body: page }],
  ['a redirect', { status: 302, headers: { location: 'https://login.example/' } }],
  ['a conflict of the platform', failed(409)],
];

describe('createInstance over HTTP', () => {
  it.each([...unclear, ...pages])('finds what was committed behind %s, and sends POST once', async (_what, answer) => {
    const { outcome, ids, posts } = await runCreate(answer, 'at once');
    expect(ids).toHaveLength(1);
    expect(outcome).toMatchObject({ id: ids[0] });
    expect(posts).toBe(1);
  });

  it.each(unclear)('finds what was committed long after %s, and sends POST once', async (_what, answer) => {
    const { outcome, ids, posts } = await runCreate(answer, { afterLists: 4 });
    expect(ids).toHaveLength(1);
    expect(outcome).toMatchObject({ id: ids[0] });
    expect(posts).toBe(1);
  });

  it.each(unclear)('sends POST again after %s only when the grace period found nothing', async (_what, answer) => {
    const { outcome, ids, posts, slept } = await runCreate(answer, 'never');
    expect(ids).toHaveLength(1);
    expect(outcome).toMatchObject({ id: ids[0] });
    expect([posts, slept]).toEqual([2, defaultCreateOptions.gracePeriod]);
  });

  it.each([...pages, ['a refusal of the platform', failed(400)] as const])(
    'never sends POST again after %s, and says that it was refused',
    async (_what, answer) => {
      const { outcome, ids, posts } = await runCreate(answer, 'never');
      expect(outcome).toBeInstanceOf(PlatformError);
      expect(outcome).toMatchObject({ unclear: false, status: answer.status });
      expect([ids, posts]).toEqual([[], 1]);
    },
  );

  it('sends POST again after HTTP 429 and the time that it asks for, when a look-up found nothing', async () => {
    const answer = { ...failed(429), headers: { 'retry-after': '7' } };
    const { outcome, ids, posts, slept } = await runCreate(answer, 'never');
    expect(ids).toHaveLength(1);
    expect([outcome, posts, slept]).toEqual([expect.objectContaining({ id: ids[0] }), 2, 7_000]);
  });
});
