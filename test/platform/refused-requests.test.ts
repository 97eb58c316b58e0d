import { describe, expect, it } from 'vitest';

import { Secret } from '../../src/model/secret.ts';
import type { CreateRequest } from '../../src/model/work.ts';
import { openGate } from '../../src/platform/gate.ts';
import { startServer, type Answer } from '../support/http-server.ts';
import { aReader, aWriter, errorOf, wireInstance } from './clients.ts';

const good: Answer = { json: wireInstance(7) };
const refused = (status: number, retryAfter?: string): Answer => ({
  status,
  json: { message: 'Slow down', requestId: 'r' },
  headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
});

const create: CreateRequest = {
  connector: 'sharefile',
  name: 'Docs',
  tags: [],
  configuration: new Map(),
  providerData: new Map(),
};

/** A clock that stands still but for its sleeps, and what it was asked to sleep. */
function sleepingClock() {
  const pauses: number[] = [];
  return {
    pauses,
    now: () => pauses.reduce((sum, pause) => sum + pause, 0),
    random: () => 0,
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
    },
  };
}

describe('over real connections', () => {
  it('all writes end well although the host refuses every fifth request', async () => {
    const server = await startServer(({ path }, index) =>
      index % 5 === 4 ? refused(429, '1') : { json: wireInstance(Number(path.split('/').at(-1))) },
    );
    const gate = openGate({ ...sleepingClock() });
    const writer = aWriter(server.origin, { gate });
    const ids = Array.from({ length: 200 }, (_, index) => String(index + 1));
    await Promise.all(ids.map((id) => writer.updateInstance(id, { tags: [id] })));
    const sent = server.requests.length;
    expect(gate.describe()).toMatchObject({ requests: sent, refusals: Math.floor(sent / 5) });
    expect(sent).toBe(249);
  });

  it('has never more requests under way than the user wants', async () => {
    const held: (() => void)[] = [];
    let most = 0;
    const server = await startServer(async () => {
      const released = new Promise<void>((resolve) => void held.push(resolve));
      // Two answers go out when two requests are there, and only after others had time to arrive.
      if (held.length === 2) {
        for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
        most = Math.max(most, held.length);
        for (const release of held.splice(0)) release();
      }
      await released;
      return good;
    });
    const reader = aReader(server.origin, { concurrency: 2 });
    await Promise.all(Array.from({ length: 40 }, () => reader.readInstance('7')));
    expect(most).toBe(2);
  });

  it('shares one gate between the clients of a host: what one is refused, the other waits for', async () => {
    const clock = sleepingClock();
    const server = await startServer([refused(429, '7'), good]);
    const gate = openGate(clock);
    const error = await errorOf(aWriter(server.origin, { ...clock, gate }).createInstance(create));
    expect(error).toMatchObject({ status: 429, unclear: false, retryAfter: 7_000 });
    expect(clock.pauses).toEqual([]);
    await aReader(server.origin, { ...clock, gate }).readInstance('7');
    expect(clock.pauses).toEqual([7_000]);
  });

  it('says nothing of a wait that nobody asked for', async () => {
    const server = await startServer(() => refused(429));
    expect(await errorOf(aWriter(server.origin).createInstance(create))).toMatchObject({ retryAfter: undefined });
  });

  it('does not take a provider that is down for a host that is', async () => {
    const server = await startServer(() => refused(503));
    const gate = openGate(sleepingClock());
    const reader = aReader(server.origin, { gate });
    expect(await reader.ping(new Secret('t', 't'))).toMatchObject({ ok: false });
    expect(gate.describe().refusals).toBe(0);
    expect(gate.pausedFor()).toBe(0);
  });
});

describe('an aborted signal', () => {
  it('stops a reader that waits at the gate, before anything is sent', async () => {
    const controller = new AbortController();
    const server = await startServer(() => good);
    const gate = openGate(sleepingClock(), 1);
    const permit = await gate.enter();
    const reading = errorOf(aReader(server.origin, { gate, signal: controller.signal }).readInstance('7'));
    controller.abort();
    expect(await reading).toMatchObject({ code: 'interrupted', unclear: false });
    permit?.leave({ verdict: 'admitted' });
    expect(server.requests).toEqual([]);
  });

  it('leaves a writer in the queue: the item was begun, and its request is sent', async () => {
    const controller = new AbortController();
    const server = await startServer(() => good);
    const gate = openGate(sleepingClock(), 1);
    const permit = await gate.enter();
    const writing = aWriter(server.origin, { gate, signal: controller.signal }).updateInstance('7', { tags: [] });
    controller.abort();
    permit?.leave({ verdict: 'admitted' });
    expect(await writing).toMatchObject({ id: '7' });
  });
});
