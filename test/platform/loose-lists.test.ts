import { describe, expect, it } from 'vitest';
import { startServer, type Script } from '../support/http-server.ts';
import { aReader, errorOf } from './clients.ts';

const stopped = async (script: Script) => {
  const server = await startServer(script);
  return { ids: await aReader(server.origin).listStoppedPolling(), requests: server.requests };
};
const page = (id: number, token: string) => ({ json: [{ id }], headers: { 'elements-next-page-token': token } });

describe('a list of which little is documented', () => {
  it.each<[string, Script, number]>([
    ['to a page without a token', [page(1, 'a'), page(2, 'b'), { json: [{ id: 3 }] }], 3],
    ['to an empty page', [page(1, 'a'), { json: [], headers: { 'elements-next-page-token': 'b' } }], 1],
    ['to a page that is not there', [page(1, 'a'), { status: 404, json: { message: 'No jobs found' } }], 1],
    ['to where the pages repeat', () => page(1, 'a'), 1],
    [
      'as far as its total says',
      () => ({ ...page(1, 'a'), headers: { 'elements-next-page-token': 'a', 'elements-total-count': '1' } }),
      1,
    ],
  ])('is read %s', async (_, script, count) => {
    expect((await stopped(script)).ids.size).toBe(count);
  });

  it('is not a part of itself where a later page fails', async () => {
    const { origin } = await startServer([page(1, 'a'), { status: 403, json: { message: 'No', requestId: 'r' } }]);
    expect(await errorOf(aReader(origin).listStoppedPolling())).toMatchObject({ code: 'forbidden', status: 403 });
  });

  it('asks once where there is one page', async () => {
    expect((await stopped([{ json: [] }])).requests).toHaveLength(1);
  });
});
