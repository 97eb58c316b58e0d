import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutPage, type ListPage } from '../../src/sandbox/page.ts';
import { defaultQuirks } from '../../src/sandbox/quirks.ts';
import type { TenantClient } from '../conformance/tenant-client.ts';
import { type OpenSandbox, openSandbox } from './open-sandbox.ts';

const nextToken = 'elements-next-page-token';

function fill({ sandbox }: OpenSandbox, count: number): readonly number[] {
  return Array.from(
    { length: count },
    (_, index) =>
      sandbox.seed({
        connector: 'closeio',
        name: `Instance ${index}`,
        tags: index % 2 === 0 ? ['even', 'all'] : ['odd', 'all'],
        configuration: { username: 'key' },
      }).id,
  );
}

async function readIds(call: TenantClient, path: string): Promise<readonly unknown[]> {
  return (await call('GET', path)).list.map((entry) => entry['id']);
}

describe('lists of instances', () => {
  it('answers 404 when there is none, or an empty list', async () => {
    for (const emptyListIs404 of [true, false]) {
      const { call } = await openSandbox({ quirks: { emptyListIs404 } });
      for (const path of ['/instances', '/elements/closeio/instances', '/accounts/instances']) {
        const answer = await call('GET', path);
        expect(answer.status).toBe(emptyListIs404 ? 404 : 200);
        expect(answer.body['message']).toBe(emptyListIs404 ? 'No element instances found' : undefined);
      }
    }
  });

  it('tells an empty list from an unknown connector by the message', async () => {
    const { call } = await openSandbox();
    const { body } = await call('GET', '/elements/nothing/instances');
    expect(body['message']).toBe('No element found with key nothing');
  });

  it('pages with a token, gives one after the last page too, and answers 404 there', async () => {
    const open = await openSandbox();
    const ids = fill(open, 5);
    const seen: unknown[] = [];
    let path = '/instances?pageSize=2';
    for (let page = 1; page <= 3; page += 1) {
      const { list, headers } = await open.call('GET', path);
      seen.push(...list.map((entry) => entry['id']));
      expect(headers.get('elements-total-count')).toBe('5');
      expect(headers.get('elements-returned-count')).toBe(String(list.length));
      path = `/instances?nextPage=${encodeURIComponent(headers.get(nextToken) ?? '')}`;
    }
    expect(seen).toEqual(ids);
    expect((await open.call('GET', path)).status).toBe(404);
  });

  it('can end without a token and without counts', async () => {
    const open = await openSandbox({ quirks: { tokenAfterLastPage: false, totalCountHeader: false } });
    fill(open, 2);
    const { headers } = await open.call('GET', '/instances');
    expect(headers.has(nextToken)).toBe(false);
    expect(headers.has('elements-total-count')).toBe(false);
    expect((await open.call('GET', '/instances?pageSize=1')).headers.has(nextToken)).toBe(true);
  });

  it('never gives more than the largest page, and refuses sizes and tokens that are none', async () => {
    const open = await openSandbox({ quirks: { maxPageSize: 3 } });
    fill(open, 5);
    for (const query of ['', '?pageSize=200'])
      expect((await open.call('GET', `/instances${query}`)).list.length).toBe(3);
    for (const query of ['pageSize=0', 'pageSize=x', 'nextPage=2', 'nextPage=bm90aGluZw==']) {
      expect((await open.call('GET', `/instances?${query}`)).status).toBe(400);
    }
  });

  it('gives every entry exactly once, whatever the sizes and quirks', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.integer({ min: 1, max: 20 }),
        fc.record({ shortPages: fc.boolean(), tokenAfterLastPage: fc.boolean() }),
        (count, pageSize, changed) => {
          const all = Array.from({ length: count }, (_, index) => index);
          const quirks = { ...defaultQuirks, ...changed };
          const seen: number[] = [];
          let query: URLSearchParams | undefined = new URLSearchParams({ pageSize: String(pageSize) });
          while (query !== undefined) {
            const page: ListPage<number> = cutPage(all, query, quirks);
            seen.push(...page.entries);
            const token: string | undefined = page.headers[nextToken];
            query = token === undefined ? undefined : new URLSearchParams({ nextPage: token });
          }
          expect(seen).toEqual(all);
        },
      ),
    );
  });

  it('finds by several tags with or, or with and', async () => {
    for (const tagsFilter of ['or', 'and'] as const) {
      const open = await openSandbox({ quirks: { tagsFilter } });
      const ids = fill(open, 4);
      const both = await readIds(open.call, '/instances?tags[]=even&tags[]=all');
      expect(both).toEqual(tagsFilter === 'or' ? ids : [ids[0], ids[2]]);
    }
  });

  it('finds text in names and connector keys, in any case', async () => {
    const open = await openSandbox();
    const ids = fill(open, 3);
    expect(await readIds(open.call, '/instances?searchText=INSTANCE%202')).toEqual([ids[2]]);
    expect(await readIds(open.call, '/instances?searchText=close')).toEqual(ids);
    expect(await readIds(open.call, '/instances?searchText=instance&tags[]=odd')).toEqual([ids[1]]);
  });

  it.each([
    { quirks: {}, query: '', has: true },
    { quirks: {}, query: '?hydrate=true', has: true },
    { quirks: {}, query: '?hydrate=false', has: false },
    { quirks: { configurationInList: false }, query: '', has: false },
    { quirks: { configurationInList: false }, query: '?hydrate=true', has: true },
    { quirks: { hydrate: 'ignored-without-configuration' as const }, query: '?hydrate=true', has: false },
  ])('lists configuration: $has with $quirks and "$query"', async ({ quirks, query, has }) => {
    const open = await openSandbox({ quirks });
    fill(open, 1);
    const { list } = await open.call('GET', `/instances${query}`);
    expect(list[0]).toMatchObject({ id: expect.any(Number), token: expect.any(String), element: { key: 'closeio' } });
    expect(list[0] !== undefined && 'configuration' in list[0]).toBe(has);
  });

  it('answers one instance, not a list, when an Element token is there', async () => {
    const open = await openSandbox();
    const [first] = fill(open, 3);
    const token = open.sandbox.instance(first ?? 0)?.token ?? '';
    expect((await open.call('GET', '/instances', { token })).body['id']).toBe(first);
  });

  it('counts', async () => {
    const open = await openSandbox();
    fill(open, 3);
    const { body } = await open.call('GET', '/instances/count');
    expect(body).toEqual({ totalInstances: 3, elementInstances: { closeio: 3 } });
  });
});
