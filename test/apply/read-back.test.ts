import { describe, expect, it } from 'vitest';
import { readBack, type Written } from '../../src/apply/read-back.ts';
import type { LiveInstance } from '../../src/model/live.ts';
import { PlatformError } from '../../src/model/platform.ts';
import { portsOver } from '../support/apply-ports.ts';
import { createOf } from '../support/create-world.ts';
import { type MemoryWriter, memoryWriter } from '../support/writer.ts';

const tags = tagsOf('a');
const written: Written = { item: createOf, made: { id: '7', tags } };

function tagsOf(key: string): readonly string[] {
  return ['Docs', 'connectorctl/own/test', `connectorctl/own/test/${key}`, 'connectorctl-applied/c'];
}

function holding(...instances: readonly Partial<LiveInstance>[]): MemoryWriter {
  const platform = memoryWriter();
  for (const more of instances) {
    const instance = { id: '7', connector: 'demo', name: 'a', tags, disabled: false, ...more };
    platform.instances.set(instance.id, instance);
  }
  return platform;
}

function unreachable(): Promise<never> {
  return Promise.reject(new PlatformError('unreachable', 'No route.'));
}

async function findings(platform: MemoryWriter, what: Written = written) {
  return [...(await readBack([what], portsOver(platform), 4)).values()];
}

function listing(platform: MemoryWriter) {
  const asked: (string | undefined)[] = [];
  const listInstances: MemoryWriter['listInstances'] = async ({ tag } = {}) => {
    asked.push(tag);
    return [...platform.instances.values()].filter((one) => tag === undefined || one.tags.includes(tag));
  };
  return { asked, platform: { ...platform, listInstances, readInstance: unreachable } };
}

describe('readBack', () => {
  it('finds nothing where our tags are those that were written, whatever their order and the tags of users', async () => {
    expect(
      await findings(
        holding({ tags: ['connectorctl-applied/c', 'connectorctl/own/test/a', 'Other', 'connectorctl/own/test'] }),
      ),
    ).toEqual([]);
  });

  it('reads by id before it doubts a list that lags behind', async () => {
    const platform = holding({});
    const stale = { ...platform, listInstances: async () => [] };
    const old = {
      ...platform,
      listInstances: async () => [
        ...holding({ tags: ['connectorctl/own/test', 'connectorctl/own/test/a'] }).instances.values(),
      ],
    };
    const { create: _create, ...item } = createOf;
    const update: Written = { ...written, item: { ...item, update: {} } };
    expect([await findings(stale, update), await findings(old)]).toEqual([[], []]);
    expect(await findings(stale)).toEqual([{ status: 'unverified', failure: { code: 'not-listed', id: '7' } }]);
  });

  it('asks for each instance only once when the list shows it as it should be', async () => {
    const platform = holding({});
    expect(await findings({ ...platform, readInstance: unreachable })).toEqual([]);
  });

  describe('of few among many', () => {
    const another: Written = { item: { ...createOf, key: 'b' }, made: { id: '8', tags: tagsOf('b') } };

    it.each([
      [2, ['connectorctl/own/test/a', 'connectorctl/own/test/b']],
      [1, ['connectorctl/own/test']],
    ])('lists no more than it has to when all are %i pages', async (pagesOfAll, expected) => {
      const { asked, platform } = listing(holding({}, { id: '8', tags: tagsOf('b') }));
      const found = await readBack([written, another], portsOver(platform, { pagesOfAll }), 4);
      expect([found.size, asked]).toEqual([0, expected]);
    });

    it('finds another instance that carries the key', async () => {
      const whole = holding({}, { id: '9' });
      const { platform } = listing(whole);
      const found = await readBack(
        [written],
        portsOver({ ...platform, readInstance: (id) => whole.readInstance(id) }, { pagesOfAll: 5 }),
        4,
      );
      expect([...found.values()]).toMatchObject([{ failure: { code: 'duplicate-instances', ids: ['7', '9'] } }]);
    });

    it('waits for a list that does not show a new key yet before it reads by id', async () => {
      const { create: _create, ...item } = createOf;
      const { asked, platform } = listing(holding({}));
      const late: typeof platform.listInstances = async (selection) => {
        const listed = await platform.listInstances(selection);
        return asked.length > 1 ? listed : [];
      };
      const ports = portsOver({ ...platform, listInstances: late }, { pagesOfAll: 5 });
      const found = await readBack([{ ...written, item: { ...item, update: {} } }], ports, 4);
      expect([found.size, ports.slept()]).toEqual([0, 1_000]);
    });
  });

  it.each<[string, readonly string[], object]>([
    ['a lost owner tag', ['connectorctl/own/test/a', 'connectorctl-applied/c'], { missing: ['connectorctl/own/test'] }],
    [
      'another key',
      ['connectorctl/own/test', 'connectorctl/own/test/b', 'connectorctl-applied/c'],
      { missing: ['connectorctl/own/test/a'], added: ['connectorctl/own/test/b'] },
    ],
    [
      'another owner',
      [...tags, 'connectorctl/other/test', 'connectorctl/other/test/x'],
      { added: ['connectorctl/other/test', 'connectorctl/other/test/x'] },
    ],
    [
      'another vector',
      ['connectorctl/own/test', 'connectorctl/own/test/a', 'connectorctl-applied/x'],
      { appliedValues: true },
    ],
  ])('calls it unverified with %s, and says so', async (_what, carried, difference) => {
    const none = { missing: [], added: [], appliedValues: false };
    const failure = { code: 'read-back-differs', id: '7', ...none, ...difference };
    expect(await findings(holding({ tags: carried }))).toEqual([{ status: 'unverified', failure }]);
  });

  it('calls it unverified when it is gone', async () => {
    expect(await findings(holding())).toMatchObject([
      {
        status: 'unverified',
        failure: { code: 'read-back-missing', id: '7' },
      },
    ]);
  });

  it('calls it failed when another instance carries the key too, also when nobody knows whether one was made', async () => {
    const platform = holding({}, { id: '8' });
    for (const what of [written, { item: createOf }]) {
      expect(await findings(platform, what)).toMatchObject([
        { status: 'failed', failure: { code: 'duplicate-instances', key: 'a', ids: ['7', '8'] } },
      ]);
    }
  });

  it('does not take for a second one what only a stale list shows', async () => {
    const platform = holding({}, { id: '8', tags: ['connectorctl/own/test', 'own/a~replaced'] });
    const listInstances = async () => [...holding({}, { id: '8' }).instances.values()];
    expect(await findings({ ...platform, listInstances })).toEqual([]);
  });

  it('calls all unverified when the list cannot be read, with what the server said', async () => {
    const refusal = new PlatformError('server-error', 'HTTP 500.', { status: 500, requestId: 'r-3' });
    const listInstances = () => Promise.reject(refusal);
    expect(await findings({ ...holding({}), listInstances })).toMatchObject([
      {
        status: 'unverified',
        failure: { code: 'read-back-failed', requestId: 'r-3', lookUp: 'HTTP 500.' },
      },
    ]);
  });

  it('calls one unverified that cannot be read by id', async () => {
    const platform = holding();
    expect(await findings({ ...platform, readInstance: unreachable })).toMatchObject([
      { failure: { code: 'read-back-failed' } },
    ]);
  });
});
