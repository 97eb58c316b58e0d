import { describe, expect, it } from 'vitest';
import type { ApplyPorts } from '../../src/apply/apply-ports.ts';
import { createInstance, defaultCreateOptions } from '../../src/apply/create-instance.ts';
import type { Wait } from '../../src/model/apply.ts';
import type { LiveInstance } from '../../src/model/live.ts';
import { PlatformError, type PlatformErrorOptions } from '../../src/model/platform.ts';
import type { CreateRequest, WorkItem } from '../../src/model/work.ts';
import { portsOver } from '../support/apply-ports.ts';
import { createOf } from '../support/create-world.ts';
import { type MemoryWriter, memoryWriter } from '../support/writer.ts';

const request: CreateRequest = {
  connector: 'demo',
  name: 'a',
  tags: ['connectorctl/own/test', 'connectorctl/own/test/a', 'connectorctl-applied/c'],
  configuration: new Map(),
  providerData: new Map(),
};

function anInstance(more: Partial<LiveInstance> = {}): LiveInstance {
  return { id: '7', connector: 'demo', name: 'a', tags: request.tags, disabled: false, ...more };
}

function answer(status: number, options: PlatformErrorOptions = {}): PlatformError {
  return new PlatformError('refused', `HTTP ${status}`, { status, requestId: 'r', ...options });
}

/** A platform of which the first POSTs end with these errors. */
function failingFirst(...errors: readonly PlatformError[]): MemoryWriter {
  return memoryWriter({
    onCreate: (_request, attempt) => {
      const error = errors[attempt - 1];
      if (error !== undefined) throw error;
    },
  });
}

/** The same, and what is there after the first one. */
function failingInto(error: PlatformError, made: LiveInstance): MemoryWriter {
  const platform: MemoryWriter = memoryWriter({
    onCreate: () => {
      platform.instances.set(made.id, made);
      throw error;
    },
  });
  return platform;
}

/** Look-ups fail from the first POST on. */
function unreachableAfterPost(platform: MemoryWriter): MemoryWriter {
  const listInstances: MemoryWriter['listInstances'] = (filter) =>
    platform.calls.length === 0
      ? platform.listInstances(filter)
      : Promise.reject(new PlatformError('unreachable', 'No route.'));
  return { ...platform, listInstances };
}

function postsOf({ calls }: MemoryWriter): number {
  return calls.filter((call) => call.startsWith('create')).length;
}

async function create(platform: MemoryWriter, more: Partial<ApplyPorts> = {}, item: WorkItem = createOf) {
  const ports = portsOver(platform, more);
  const outcome = await createInstance(item, request, ports).catch((error: unknown) => error);
  return { outcome, slept: ports.slept() };
}

describe('a first POST', () => {
  it('is not sent when what it would make is there already, although the plan did not see it', async () => {
    const platform = memoryWriter();
    platform.instances.set('7', anInstance());
    expect(await create(platform)).toMatchObject({ outcome: { id: '7' }, slept: 0 });
    expect(postsOf(platform)).toBe(0);
  });

  it('is not sent when another instance carries the key, or when nobody can tell', async () => {
    const platform = memoryWriter();
    platform.instances.set('7', anInstance({ connector: 'other' }));
    expect((await create(platform)).outcome).toMatchObject({ failure: { code: 'key-taken', id: '7' } });
    const blind = memoryWriter({
      onList: () => {
        throw new PlatformError('unreachable', 'No route.');
      },
    });
    expect((await create(blind)).outcome).toMatchObject({ code: 'unreachable' });
    expect(postsOf(platform) + postsOf(blind)).toBe(0);
  });
});

describe('a POST that was answered with 429', () => {
  it('is sent again after the time that the server asks for, when a look-up found nothing', async () => {
    const platform = failingFirst(answer(429, { retryAfter: 7_000 }));
    const { outcome, slept } = await create(platform);
    expect(outcome).toMatchObject({ id: '102' });
    expect(slept).toBe(7_000);
  });

  it('needs no look-up when the server names a time, and is believed for a minute', async () => {
    const refusals = 40;
    const platform = failingFirst(...Array.from({ length: refusals }, () => answer(429, { retryAfter: 1_000 })));
    const { outcome, slept } = await create(unreachableAfterPost(platform));
    expect(outcome).toMatchObject({ connector: 'demo' });
    expect([postsOf(platform), slept]).toEqual([refusals + 1, refusals * 1_000]);
    const always = failingFirst(...Array.from({ length: 999 }, () => answer(429, { retryAfter: 1_000 })));
    expect((await create(always)).outcome).toMatchObject({ status: 429, unclear: false });
    expect(postsOf(always)).toBe(61);
  });

  it('is not sent again when the look-up finds what another apply made', async () => {
    const platform = failingInto(answer(429), anInstance());
    const { outcome } = await create(platform);
    expect(outcome).toMatchObject({ id: '7' });
    expect(postsOf(platform)).toBe(1);
  });

  it('is not sent again when the look-up fails', async () => {
    const platform = failingFirst(answer(429));
    const { outcome } = await create(unreachableAfterPost(platform));
    expect(outcome).toMatchObject({ status: 429 });
    expect(postsOf(platform)).toBe(1);
  });

  it('waits longer each time and gives up in the end, with nothing made', async () => {
    const platform = failingFirst(...Array.from({ length: 99 }, () => answer(429)));
    const { outcome, slept } = await create(platform);
    expect(outcome).toMatchObject({ status: 429, unclear: false });
    expect(postsOf(platform)).toBe(defaultCreateOptions.maxRateLimited);
    expect(slept).toBe(1_000 + 2_000 + 4_000 + 8_000 + 16_000);
  });

  it('is not waited for longer than the budget', async () => {
    const platform = failingFirst(answer(429, { retryAfter: defaultCreateOptions.rateLimitBudget + 1 }));
    const { outcome, slept } = await create(platform);
    expect(outcome).toMatchObject({ status: 429 });
    expect(slept).toBe(0);
  });
});

describe('a POST of which the outcome is not clear', () => {
  const lost = new PlatformError('connection-lost', 'Lost.', { unclear: true });

  it('is not believed to have made what is of another connector or was written by somebody else', async () => {
    for (const other of [
      anInstance({ connector: 'other' }),
      anInstance({ tags: ['connectorctl/own/test', 'connectorctl/own/test/a', 'connectorctl-applied/x'] }),
    ]) {
      const platform = failingInto(lost, other);
      const { outcome } = await create(platform);
      expect(outcome).toMatchObject({ failure: { code: 'key-taken', id: '7', key: 'a' } });
      expect(postsOf(platform)).toBe(1);
    }
  });

  it('is not believed to have made the instance that it takes the place of, however stale the list is', async () => {
    const platform = failingFirst(lost);
    platform.instances.set('7', anInstance());
    const { outcome } = await create(platform, {}, { ...createOf, id: '7' });
    expect(outcome).toMatchObject({ id: '102' });
  });

  it('is not believed to have made what is listed and cannot be read any more', async () => {
    const platform = failingFirst(lost);
    const { outcome } = await create({ ...platform, listInstances: async () => [anInstance()] });
    expect(outcome).toMatchObject({ id: '102' });
  });

  it('answers with the whole instance, as a list may leave the configuration out', async () => {
    const platform = failingFirst(lost);
    const configuration = new Map([['username', 'robot']]);
    platform.instances.set('7', anInstance({ configuration }));
    const { outcome } = await create({ ...platform, listInstances: async () => [anInstance()] });
    expect(outcome).toMatchObject({ id: '7', configuration });
  });

  it('names all that carry the key', async () => {
    const platform = failingFirst(lost);
    for (const id of ['7', '8']) platform.instances.set(id, anInstance({ id }));
    const { outcome } = await create(platform);
    expect(outcome).toMatchObject({
      failure: { code: 'duplicate-instances', key: 'a', ids: ['7', '8'] },
    });
  });

  it.each([408, 499])('is one that was given up with %s', async (status) => {
    const platform = failingFirst(answer(status));
    platform.instances.set('7', anInstance());
    expect((await create(platform)).outcome).toMatchObject({ id: '7' });
  });
});

describe('a POST that was refused', () => {
  it('is looked for when the refusal is not in the words of the platform, is a conflict or a redirect, and never sent again', async () => {
    for (const refusal of [
      answer(409),
      answer(303),
      new PlatformError('forbidden', 'Blocked by a firewall.', { status: 403 }),
    ]) {
      const made = failingFirst(refusal);
      made.instances.set('7', anInstance());
      expect((await create(made)).outcome).toMatchObject({ id: '7' });

      const nothing = failingFirst(refusal);
      expect(await create(nothing)).toEqual({ outcome: refusal, slept: defaultCreateOptions.settlePeriod });
      expect(postsOf(nothing)).toBe(1);
    }
  });
});

describe('a create that a killed run had begun', () => {
  it('is looked for before the first POST', async () => {
    const marks: string[] = [];
    const pending = {
      timeLeft: async () => 5_000,
      begin: async () => void marks.push('begin'),
      end: async () => void marks.push('end'),
    };
    const found = memoryWriter();
    found.instances.set('7', anInstance());
    expect((await create(found, { pending })).outcome).toMatchObject({ id: '7' });
    expect([postsOf(found), marks]).toEqual([0, ['end']]);

    const nothing = memoryWriter();
    const { outcome, slept } = await create(nothing, { pending });
    expect([outcome, slept]).toEqual([expect.objectContaining({ id: '101' }), 5_000]);
    expect(marks).toEqual(['end', 'begin', 'end']);
  });
});

async function waitsOf(platform: MemoryWriter, more: Partial<ApplyPorts> = {}): Promise<readonly Wait[]> {
  const waits: Wait[] = [];
  await create(platform, { ...more, waiting: (_item, wait) => waits.push(wait) });
  return waits;
}

describe('a create that waits', () => {
  it('says why, and until when, once for each wait', async () => {
    expect(await waitsOf(failingFirst(answer(429, { retryAfter: 7_000 })))).toEqual([
      { code: 'rate-limited', milliseconds: 7_000 },
    ]);
    expect(await waitsOf(failingFirst(answer(500, { unclear: true })))).toEqual([
      { code: 'late-commit', milliseconds: defaultCreateOptions.gracePeriod },
    ]);
    const pending = { begin: async () => {}, end: async () => {}, timeLeft: async () => 30_000 };
    expect(await waitsOf(memoryWriter(), { pending })).toEqual([{ code: 'earlier-run', milliseconds: 30_000 }]);
  });

  it('says again that it lasts, beside its steps', async () => {
    const told: Wait[] = [];
    const waits = { tell: (wait: Wait) => void told.push(wait), over: () => {} };
    await waitsOf(failingFirst(answer(500, { unclear: true })), { waits });
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(told[0]).toMatchObject({ code: 'late-commit', about: 'a' });
    const gaps = told.slice(1).map(({ milliseconds }, index) => (told[index]?.milliseconds ?? 0) - milliseconds);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000);
  });

  it('says nothing when it does not', async () => {
    expect(await waitsOf(memoryWriter())).toEqual([]);
  });
});
