import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { ApplyPorts } from '../../src/apply/apply-ports.ts';
import { defaultCreateOptions } from '../../src/apply/create-instance.ts';
import type { ApplyEvent } from '../../src/model/apply.ts';
import { type Ping, PlatformError } from '../../src/model/platform.ts';
import { Secret } from '../../src/model/secret.ts';
import type { WorkItem } from '../../src/model/work.ts';
import { describeFailure } from '../../src/report/result/failure-words.ts';
import { portsOver } from '../support/apply-ports.ts';
import { type MemoryWriter, type MemoryWriterOptions, memoryWriter } from '../support/writer.ts';

const noApplied = { check: 'c', entries: new Map() };

function aCreate(name: string): WorkItem {
  const change = {
    key: `demo/${name}`,
    action: 'create' as const,
    connector: 'demo',
    name,
    fields: [],
    risks: [],
    notes: [],
    digest: '0',
  };
  const create = { connector: 'demo', name, configuration: new Map(), providerData: new Map() };
  return { change, key: change.key, userTags: ['Docs'], applied: noApplied, create };
}

function anUpdate(name: string, id: string): WorkItem {
  const { change, ...rest } = aCreate(name);
  const { create: _create, ...item } = rest;
  return { ...item, change: { ...change, action: 'update', id }, id, update: { name } };
}

function aDelete(name: string, id: string): WorkItem {
  const { change, create: _create, ...item } = aCreate(name);
  return { ...item, change: { ...change, action: 'delete', id }, id };
}

function aReplace(name: string, id: string): WorkItem {
  const item = aCreate(name);
  return { ...item, id, change: { ...item.change, action: 'replace', id } };
}

function unreachable(): Promise<never> {
  return Promise.reject(new PlatformError('unreachable', 'No route.'));
}

/** Puts a live instance of the workspace into the platform. */
function seed(
  platform: MemoryWriter,
  id: string,
  name: string,
  tags = ['connectorctl/own/test', `connectorctl/own/test/demo/${name}`],
): void {
  platform.instances.set(id, { id, connector: 'old', name, tags, disabled: false });
}

/** Ports that tell the platform in memory of the copies that are kept. */
function portsFor(platform: MemoryWriter, more: Partial<ApplyPorts> = {}): ReturnType<typeof portsOver> {
  const keepCopy: ApplyPorts['keepCopy'] = async (item) => {
    platform.calls.push(`keep ${item.id}`);
  };
  return portsOver(platform, { keepCopy, ...more });
}

const lost = (unclear: boolean) => new PlatformError('no-answer', 'The connection was lost.', { unclear });

describe('applyPlan', () => {
  it('names an outcome for every item in the given order, whatever the order of the answers', async () => {
    const platform = memoryWriter();
    const result = await applyPlan([aCreate('b'), aCreate('a'), aCreate('c')], portsFor(platform), { concurrency: 3 });
    expect(result.outcomes.map(({ change, status }) => `${change.name} ${status}`)).toEqual([
      'b succeeded',
      'a succeeded',
      'c succeeded',
    ]);
    expect(result.interrupted).toBe(false);
  });

  it('goes on when one instance fails, and keeps the message, request id and next step', async () => {
    const refusal = new PlatformError('refused', 'Missing entry: username', {
      status: 400,
      requestId: 'r-1',
      hint: 'Add it.',
    });
    const platform = memoryWriter({
      onCreate: (request) => {
        if (request.name === 'bad') throw refusal;
      },
    });
    const result = await applyPlan([aCreate('bad'), aCreate('good')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes.map((outcome) => outcome.status)).toEqual(['failed', 'succeeded']);
    expect(result.outcomes[0]?.failure).toEqual({
      code: 'refused',
      message: 'Missing entry: username',
      requestId: 'r-1',
      hint: 'Add it.',
    });
  });

  it('finds an instance that was committed although the answer was lost, and does not send POST again', async () => {
    const platform = memoryWriter({ onCreate: () => 'late' });
    const result = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes[0]).toMatchObject({ status: 'succeeded', id: '101' });
    expect(platform.calls.filter((call) => call.startsWith('create'))).toHaveLength(1);
  });

  it('finds a commit that comes late within the grace period', async () => {
    const hidden: { reveal?: () => void } = {};
    const platform = memoryWriter({
      onCreate: () => {
        throw lost(true);
      },
      onList: (attempt) => {
        if (attempt === 3) hidden.reveal?.();
      },
    });
    const tags = ['connectorctl/own/test', 'connectorctl/own/test/demo/a', 'connectorctl-applied/c'];
    const own = { id: '7', connector: 'demo', name: 'a', tags, disabled: false };
    hidden.reveal = () => platform.instances.set('7', own);
    const result = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes[0]).toMatchObject({ status: 'succeeded', id: '7' });
    expect(platform.calls.filter((call) => call.startsWith('create'))).toHaveLength(1);
  });

  it('sends POST again only after the grace period passed without a find, and then calls it unclear', async () => {
    const platform = memoryWriter({
      onCreate: () => {
        throw lost(true);
      },
    });
    const ports = portsFor(platform);
    const create = { ...defaultCreateOptions, gracePeriod: 30_000 };
    const result = await applyPlan([aCreate('a')], ports, { concurrency: 1, create });
    expect(result.outcomes[0]?.status).toBe('unclear');
    expect(platform.calls.filter((call) => call.startsWith('create'))).toHaveLength(2);
    expect(ports.slept()).toBe(60_000);
  });

  it('never sends POST again when the look-up itself fails', async () => {
    const platform = memoryWriter({
      onCreate: () => {
        throw lost(true);
      },
      onList: (attempt) => {
        // The first one is that before the first POST.
        if (attempt > 1) throw new PlatformError('unreachable', 'The host cannot be reached.', { unclear: false });
      },
    });
    const result = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes[0]?.status).toBe('unclear');
    expect(platform.calls.filter((call) => call.startsWith('create'))).toHaveLength(1);
  });

  it('does not look anything up when the platform refused the create clearly', async () => {
    const platform = memoryWriter({
      onCreate: () => {
        throw lost(false);
      },
    });
    await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(platform.calls).toEqual(['create a']);
  });

  it('fails an instance whose owner tag the platform did not keep', async () => {
    const platform = memoryWriter({
      toTags: (tags) => tags.filter((tag) => !tag.startsWith('connectorctl/own/test/')),
    });
    const result = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes[0]?.failure).toEqual({
      code: 'tag-not-kept',
      id: '101',
      tag: 'connectorctl/own/test/demo/a',
    });
  });

  it('writes the tags once more when the platform made something else of a value', async () => {
    const platform = memoryWriter();
    const ports = portsFor(platform, { amendApplied: () => ({ check: 'amended', entries: new Map() }) });
    await applyPlan([aCreate('a')], ports, { concurrency: 1 });
    expect(platform.calls).toEqual(['create a', 'update 101 tags']);
    expect(platform.instances.get('101')?.tags).toContain('connectorctl-applied/amended');
  });

  it('switches an instance on or off after the write', async () => {
    const platform = memoryWriter();
    await applyPlan([{ ...aCreate('a'), enabled: false }], portsFor(platform), { concurrency: 1 });
    expect(platform.calls).toEqual(['create a', 'disable 101']);
  });

  it('begins nothing new after the signal, and says so', async () => {
    const controller = new AbortController();
    const platform = memoryWriter({ onCreate: () => controller.abort() });
    const events: ApplyEvent[] = [];
    const result = await applyPlan([aCreate('a'), aCreate('b')], portsFor(platform), {
      concurrency: 1,
      signal: controller.signal,
      onEvent: (event) => events.push(event),
    });
    expect(result.outcomes.map((outcome) => outcome.status)).toEqual(['succeeded', 'skipped']);
    expect(result.interrupted).toBe(true);
    expect(events.map((event) => `${event.change.name} ${event.status}`)).toEqual([
      'a started',
      'a succeeded',
      'b skipped',
    ]);
  });

  it('updates an instance by its id with all tags', async () => {
    const platform = memoryWriter();
    await platform.createInstance({ ...mustCreate(aCreate('a')), tags: [] });
    await applyPlan([anUpdate('a', '101')], portsFor(platform), { concurrency: 2 });
    expect(platform.calls.at(-1)).toBe('update 101 name,tags');
    expect(platform.instances.get('101')?.tags).toEqual([
      'Docs',
      'connectorctl/own/test',
      'connectorctl/own/test/demo/a',
      'connectorctl-applied/c',
    ]);
  });

  it('deletes last, and only after it kept a copy', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'old');
    const result = await applyPlan([aDelete('old', '7'), aCreate('a')], portsFor(platform), { concurrency: 4 });
    expect(platform.calls).toEqual(['create a', 'formulas of 7', 'keep 7', 'delete 7']);
    expect(result.outcomes.map(({ change }) => change.name)).toEqual(['old', 'a']);
  });

  it('does not delete what a formula instance uses', async () => {
    const platform = memoryWriter({ formulas: [{ id: '3', name: 'sync' }] });
    const result = await applyPlan([aDelete('old', '7')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes[0]?.failure).toEqual({ code: 'instance-in-use', id: '7', users: ['sync (3)'] });
    expect(platform.calls).toEqual(['formulas of 7']);
  });

  it('does not delete when the copy cannot be kept', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'old');
    const ports = portsFor(platform, {
      keepCopy: () => Promise.reject(new PlatformError('copy-failed', 'The disk is full.')),
    });
    const result = await applyPlan([aDelete('old', '7')], ports, { concurrency: 1 });
    expect(result.outcomes[0]?.status).toBe('failed');
    expect(platform.calls).toEqual(['formulas of 7']);
  });

  it('deletes what one read did not show although a list did', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'old');
    let reads = 0;
    const readInstance: MemoryWriter['readInstance'] = async (id) => {
      reads += 1;
      return reads === 1 ? undefined : platform.readInstance(id);
    };
    const result = await applyPlan([aDelete('old', '7')], portsFor({ ...platform, readInstance }), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'succeeded', id: '7' }]);
    expect([...platform.instances.keys()]).toEqual([]);
  });

  it('replaces by giving the key away first, so that two instances never carry it, and deletes the old one last', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'a');
    const item: WorkItem = { ...aCreate('a'), id: '7', change: { ...aCreate('a').change, action: 'replace', id: '7' } };
    const result = await applyPlan([item], portsFor(platform), { concurrency: 1 });
    expect(platform.calls).toEqual(['formulas of 7', 'keep 7', 'update 7 tags', 'create a', 'delete 7']);
    expect(result.outcomes[0]).toMatchObject({ status: 'succeeded', id: '101' });
  });

  it('leaves no second instance with the key when a read does not show the old one of a replace', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'a');
    const readInstance: MemoryWriter['readInstance'] = async (id) =>
      id === '7' ? undefined : platform.readInstance(id);
    const result = await applyPlan([aReplace('a', '7')], portsFor({ ...platform, readInstance }), { concurrency: 1 });
    expect(platform.calls).toEqual(['formulas of 7', 'update 7 tags', 'keep 7', 'create a', 'delete 7']);
    expect(result.outcomes[0]).toMatchObject({ status: 'succeeded', id: '101' });
    expect([...platform.instances.keys()]).toEqual(['101']);
  });

  it.each([
    ['makes the new one of a replace when a read and a write say that the old one is gone', false],
    ['makes no new one of a replace when a write misses the old one that a read showed', true],
  ])('%s', async (_, isRead) => {
    const platform = memoryWriter();
    if (isRead) seed(platform, '7', 'a');
    const gone = new PlatformError('not-found', 'Not found', { status: 404, requestId: 'r-1' });
    const updateInstance: MemoryWriter['updateInstance'] = (id, request) =>
      id === '7' ? Promise.reject(gone) : platform.updateInstance(id, request);
    const result = await applyPlan([aReplace('a', '7')], portsFor({ ...platform, updateInstance }), { concurrency: 1 });
    expect(platform.calls.includes('create a')).toBe(!isRead);
    expect(result.outcomes[0]).toMatchObject({ status: isRead ? 'failed' : 'succeeded' });
  });

  it('keeps the old instance when the new one cannot be made', async () => {
    const platform = memoryWriter({
      onCreate: () => {
        throw lost(false);
      },
    });
    seed(platform, '7', 'a');
    const item: WorkItem = { ...aCreate('a'), id: '7', change: { ...aCreate('a').change, action: 'replace', id: '7' } };
    await applyPlan([item], portsFor(platform), { concurrency: 1 });
    expect(platform.instances.get('7')?.tags).toEqual([
      'Docs',
      'connectorctl/own/test',
      'connectorctl/own/test/demo/a~replaced',
    ]);
  });

  it('ends one change by a fault of its own, never calls that a failure of the platform, and goes on', async () => {
    const platform = memoryWriter({
      onCreate: ({ name }) => {
        if (name === 'a') throw new TypeError('a bug that may quote a secret');
      },
    });
    const faults: unknown[] = [];
    const ports = { ...portsFor(platform), onFault: (error: unknown) => faults.push(error) };
    const { outcomes } = await applyPlan(['a', 'b'].map(aCreate), ports, { concurrency: 1 });
    expect(outcomes).toMatchObject([
      { status: 'unclear', failure: { code: 'own-fault', fault: 'TypeError' } },
      { status: 'succeeded', id: '102' },
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('quote a secret');
    expect(faults).toMatchObject([{ message: 'a bug that may quote a secret' }]);
  });
});

function mustCreate(item: WorkItem): NonNullable<WorkItem['create']> {
  if (item.create === undefined) throw new Error('no create request');
  return item.create;
}

/** A platform whose instances have a token, and that answers pings so. */
function answering(ping: () => Promise<Ping>): MemoryWriter {
  const platform = memoryWriter();
  const createInstance: typeof platform.createInstance = async (request) => ({
    ...(await platform.createInstance(request)),
    token: new Secret('t0ken', 'test'),
  });
  return { ...platform, createInstance, ping };
}

describe('applyPlan, after a change', () => {
  it('calls it unverified when the provider does not answer through it, and keeps what the platform said', async () => {
    const platform = answering(async () => ({ ok: false, message: 'HTTP 400: bad credentials', requestId: 'r-9' }));
    const result = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes[0]).toMatchObject({ status: 'unverified', id: '101' });
    const answer = 'HTTP 400: bad credentials';
    expect(result.outcomes[0]?.failure).toEqual({ code: 'ping-failed', id: '101', answer, requestId: 'r-9' });
  });

  it('calls it unverified when the ping itself cannot be made', async () => {
    const platform = answering(() => Promise.reject(new PlatformError('unreachable', 'No route.')));
    const result = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes[0]).toMatchObject({ status: 'unverified', failure: { code: 'unreachable' } });
  });

  it('does not ask when told so, nor through an instance that is switched off', async () => {
    const platform = answering(() => Promise.reject(new PlatformError('asked', 'It was asked.')));
    const off = { ...aCreate('off'), enabled: false };
    const told = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1, verify: false });
    const silent = await applyPlan([off], portsFor(platform), { concurrency: 1 });
    expect([...told.outcomes, ...silent.outcomes].map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });
});

/** How often the list is read by an apply of two creates, or of other work. */
async function countLists(more: Partial<Parameters<typeof applyPlan>[2]>, work = [aCreate('a'), aCreate('b')]) {
  let lists = 0;
  const platform = memoryWriter({
    onList: () => {
      lists += 1;
    },
  });
  await applyPlan(work, portsFor(platform), { concurrency: 1, ...more });
  return lists;
}

describe('applyPlan, when it reads back', () => {
  const takeOver: MemoryWriterOptions = {
    toTags: (tags) => tags.map((tag) => tag.replace('connectorctl-applied/c', 'connectorctl-applied/x')),
  };

  it('calls unverified what it had called done, when it reads differently, and tells so', async () => {
    const events: string[] = [];
    const onEvent = ({ status }: ApplyEvent) => void events.push(status);
    const options = { concurrency: 1, onEvent };
    const result = await applyPlan([aCreate('a')], portsFor(memoryWriter(takeOver)), options);
    expect(result.outcomes).toMatchObject([
      { status: 'unverified', id: '101', failure: { code: 'read-back-differs' } },
    ]);
    expect(events).toEqual(['started', 'succeeded', 'unverified']);
  });

  it('keeps the failing ping of what cannot be read back', async () => {
    const platform = answering(async () => ({ ok: false, message: 'HTTP 400' }));
    const listInstances: MemoryWriter['listInstances'] = (filter) =>
      platform.calls.length === 0 ? platform.listInstances(filter) : unreachable();
    const result = await applyPlan([aCreate('a')], portsFor({ ...platform, listInstances }), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'unverified', failure: { code: 'ping-failed' } }]);
  });

  it('lists once besides the look before each create, however many were changed, and not at all when told so, after an interruption, or with nothing changed', async () => {
    const aborted = new AbortController();
    const onEvent = () => aborted.abort();
    expect([
      await countLists({}),
      await countLists({ verify: false }),
      await countLists({ signal: aborted.signal, onEvent }),
      await countLists({}, [aDelete('old', '7')]),
    ]).toEqual([3, 2, 1, 0]);
  });

  it('does so before the deletes', async () => {
    const platform = memoryWriter({ onList: () => platform.calls.push('list') });
    seed(platform, '7', 'old');
    await applyPlan([aDelete('old', '7'), aCreate('a')], portsFor(platform), { concurrency: 1 });
    expect(platform.calls).toEqual(['list', 'create a', 'list', 'formulas of 7', 'keep 7', 'delete 7']);
  });
});

describe('applyPlan, before it deletes', () => {
  it.each([
    ['another key', ['connectorctl/own/test', 'connectorctl/own/test/demo/other']],
    ['no tag of the workspace', ['connectorctl/own/test/demo/old']],
    [
      'another workspace too',
      [
        'connectorctl/own/test',
        'connectorctl/own/test/demo/old',
        'connectorctl/other/test',
        'connectorctl/other/test/x',
      ],
    ],
    ['no owner', ['Docs']],
  ])('refuses an instance that carries %s meanwhile, and sends nothing', async (_what, tags) => {
    const platform = memoryWriter();
    seed(platform, '7', 'old', tags);
    const result = await applyPlan([aDelete('old', '7')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'failed', id: '7', failure: { code: 'owner-changed' } }]);
    expect(platform.calls).toEqual(['formulas of 7']);
  });

  it('counts one that is gone as done', async () => {
    const platform = memoryWriter();
    const result = await applyPlan([aDelete('old', '7')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'succeeded', id: '7' }]);
    expect(platform.calls).toEqual(['formulas of 7']);
  });

  it('counts it as done when it is gone although the answer says otherwise, and not when it is there', async () => {
    for (const isGone of [true, false]) {
      const platform = memoryWriter();
      seed(platform, '7', 'old');
      const deleteInstance: MemoryWriter['deleteInstance'] = async (id) => {
        if (isGone) await platform.deleteInstance(id);
        throw new PlatformError('forbidden', 'Blocked by a firewall.', { status: 403 });
      };
      const ports = portsFor({ ...platform, deleteInstance });
      const result = await applyPlan([aDelete('old', '7')], ports, { concurrency: 1 });
      expect(result.outcomes[0]?.status).toBe(isGone ? 'succeeded' : 'failed');
    }
  });

  it('does not count one as deleted that is still there after the answer', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'old');
    const ports = portsFor({ ...platform, deleteInstance: async () => {} });
    const result = await applyPlan([aDelete('old', '7')], ports, { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'failed', id: '7', failure: { code: 'still-there' } }]);
  });

  it('says that a delete is unclear when nobody can see what became of it', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'old');
    let reads = 0;
    const readInstance: MemoryWriter['readInstance'] = async (id) => {
      reads += 1;
      if (reads > 1) throw new PlatformError('unreachable', 'No route.');
      return platform.readInstance(id);
    };
    const result = await applyPlan([aDelete('old', '7')], portsFor({ ...platform, readInstance }), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'unclear', id: '7', failure: { code: 'delete-unclear' } }]);
  });

  it('leaves the old one of a replace alone when somebody took it over before the new one was made', async () => {
    const platform = memoryWriter();
    seed(platform, '7', 'a', ['connectorctl/other/test', 'connectorctl/other/test/x']);
    const result = await applyPlan([aReplace('a', '7')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'failed', failure: { code: 'owner-changed' } }]);
    expect(platform.calls).toEqual(['formulas of 7']);
  });

  it('leaves the old one of a replace alone when somebody took it over while the new one was made, and names the new one', async () => {
    const platform = memoryWriter({
      onCreate: () => seed(platform, '7', 'a', ['connectorctl/other/test', 'connectorctl/other/test/x']),
    });
    seed(platform, '7', 'a');
    const result = await applyPlan([aReplace('a', '7')], portsFor(platform), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'failed', id: '101', failure: { code: 'owner-changed' } }]);
    expect(platform.instances.has('7')).toBe(true);
  });
});

describe('applyPlan, when something is not as it should be', () => {
  it('names the new instance although what follows its create failed', async () => {
    const platform = memoryWriter();
    const setEnabled = unreachable;
    const work = [{ ...aCreate('a'), enabled: false }];
    const result = await applyPlan(work, portsFor({ ...platform, setEnabled }), { concurrency: 1 });
    expect(result.outcomes).toMatchObject([{ status: 'failed', id: '101', failure: { message: 'No route.' } }]);
  });

  it('gives every failure a next step', async () => {
    const platform = memoryWriter({
      onCreate: () => {
        throw new PlatformError('rejected', 'Missing entry: username', { status: 400, requestId: 'r-1' });
      },
    });
    const result = await applyPlan([aCreate('a')], portsFor(platform), { concurrency: 1 });
    const { failure } = result.outcomes[0] ?? {};
    expect(failure && describeFailure(failure, {}).hint).toContain('connectorctl apply');
  });

  it('lets what is under way end although a fault of its own ended another one, and begins the rest', async () => {
    const platform = memoryWriter();
    const createInstance: MemoryWriter['createInstance'] = async (request) => {
      if (request.name === 'bug') throw new TypeError('a bug');
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      return platform.createInstance(request);
    };
    const work = ['slow', 'bug', 'next'].map(aCreate);
    const { outcomes } = await applyPlan(work, portsFor({ ...platform, createInstance }), { concurrency: 2 });
    expect(outcomes.map(({ status }) => status)).toEqual(['succeeded', 'unclear', 'succeeded']);
    expect(platform.calls.toSorted()).toEqual(['create next', 'create slow']);
  });
});

describe('credentials that are revoked in the middle of a run', () => {
  it('end it after the first answers that say so, and what was not begun says why', async () => {
    const platform = memoryWriter({});
    let requests = 0;
    const said = 'Invalid Organization or User secret, or invalid Element token provided.';
    const revoked = <T>(answer: () => Promise<T>): Promise<T> => {
      requests += 1;
      if (requests <= 12) return answer();
      return Promise.reject(new PlatformError('unauthorized', `It says: "${said}"`, { status: 401, requestId: 'r' }));
    };
    const writer = {
      ...platform,
      listInstances: (selection?: Parameters<typeof platform.listInstances>[0]) =>
        revoked(() => platform.listInstances(selection)),
      readInstance: (id: string) => revoked(() => platform.readInstance(id)),
      createInstance: (request: Parameters<typeof platform.createInstance>[0]) =>
        revoked(() => platform.createInstance(request)),
    };
    const work = Array.from({ length: 60 }, (_, index) => aCreate(`n${index}`));
    const events: ApplyEvent[] = [];
    const { outcomes, interrupted } = await applyPlan(work, portsOver(writer), {
      concurrency: 4,
      onEvent: (event) => events.push(event),
    });
    const of = (status: string) => outcomes.filter((one) => one.status === status).length;
    expect(outcomes).toHaveLength(60);
    expect(of('failed')).toBeLessThanOrEqual(4);
    expect(outcomes.at(-1)).toMatchObject({ status: 'skipped', reason: { code: 'credentials-refused' } });
    expect(interrupted).toBe(false);
    // Those that were under way, and one read of what was changed.
    expect(requests).toBeLessThanOrEqual(12 + 4 + 6);
    expect(of('failed') + of('skipped') + of('succeeded') + of('unverified')).toBe(60);
  });

  it('are not taken for revoked because one provider refuses a log-in', async () => {
    const platform = memoryWriter({
      onCreate: ({ name }) => {
        if (name === 'n1') throw new PlatformError('unauthorized', 'No.', { status: 401, requestId: 'r' });
      },
    });
    const work = Array.from({ length: 10 }, (_, index) => aCreate(`n${index}`));
    const { outcomes } = await applyPlan(work, portsOver(platform), { concurrency: 1 });
    expect(outcomes.filter(({ status }) => status === 'succeeded')).toHaveLength(9);
  });
});
