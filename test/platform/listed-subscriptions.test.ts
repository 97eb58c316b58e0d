import { describe, expect, it } from 'vitest';
import { groupOf } from '../../src/model/event-delivery.ts';
import { Secret } from '../../src/model/secret.ts';
import { listPollingJobs, listSubscriptions } from '../../src/platform/event-lists.ts';
import type { ReadTransport } from '../../src/platform/transport.ts';
import { createRedactor } from '../../src/secret/redactor.ts';

const redactor = createRedactor();

function transportOf(entries: readonly unknown[]): ReadTransport {
  const request = { method: 'GET', path: '/' } as const;
  const reply = {
    kind: 'reply',
    request,
    status: 200,
    text: JSON.stringify(entries),
    header: () => undefined,
  } as const;
  return {
    site: { host: 'api.example.com', show: (text) => redactor.redact(text) },
    get: async () => reply,
    close: async () => {},
  };
}

describe('a listed subscription', () => {
  it.each([
    [['instance-12-sharefile-events'], ['12']],
    [['instance-1-sharefile-events', 'instance-1-other'], ['1']],
    [['instance-a-b-sharefile-events'], ['a', 'a-b', 'a-b-sharefile']],
    [['instance-1-events', 'instance-2-events'], []],
    [['something-12-events'], []],
    [[], []],
  ])('with the topics %j is about %j', async (topics, ids) => {
    const [one] =
      (await listSubscriptions(transportOf([{ id: 1, topics, config: { url: 'https://a.example' } }]))) ?? [];
    const asked = ['1', '2', '12', 'a', 'a-b', 'a-b-sharefile', 'b'];
    expect(asked.filter((id) => one?.isAbout(id))).toEqual(ids);
    // None of them may be missed by its group.
    expect(ids.filter((id) => groupOf(id) !== one?.aboutGroup)).toEqual([]);
  });

  it('shows no secret, even one that was learnt after it was listed', async () => {
    const topics = ['instance-7-token-of-another-instance'];
    const entries = [{ id: 7, topics, config: { url: 'https://a.example/token-of-another-instance' } }];
    const subscriptions = await listSubscriptions(transportOf(entries));
    const jobs = await listPollingJobs(transportOf([{ instanceId: 7, nextRun: 'token-of-another-instance' }]));
    redactor.add(new Secret('token-of-another-instance', 'test'));
    expect(JSON.stringify([subscriptions, subscriptions?.map((one) => one.show()), jobs])).not.toContain('of-another');
    expect(subscriptions?.[0]?.show()).toMatchObject({
      topics: ['instance-7-(secret)'],
      url: 'https://a.example/(secret)',
    });
    expect(jobs).toEqual([{ instanceId: '7', isOff: false, nextRun: '(secret)' }]);
  });
});
