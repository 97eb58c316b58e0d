import { Secret } from '../../src/model/secret.ts';
import type { LiveInstance } from '../../src/model/live.ts';
import { type FormulaInstance, PlatformError, type PlatformWriter } from '../../src/model/platform.ts';
import type { CreateRequest, ReauthorizeRequest, UpdateRequest } from '../../src/model/work.ts';

export interface MemoryWriter extends PlatformWriter {
  /** Every call that could write, and what is asked before a delete, in order. */
  readonly calls: string[];
  readonly instances: Map<string, LiveInstance>;
}

export interface MemoryWriterOptions {
  /** Called before a create is carried out; may throw. Answering `late` carries it out and loses the answer. */
  readonly onCreate?: (request: CreateRequest, attempt: number) => 'late' | void;
  readonly onUpdate?: (id: string, request: UpdateRequest) => void;
  readonly onReauthorize?: (id: string, request: ReauthorizeRequest) => void;
  readonly onList?: (attempt: number) => void;
  readonly formulas?: readonly FormulaInstance[];
  /** What the platform makes of tags. */
  readonly toTags?: (tags: readonly string[]) => readonly string[];
}

/** A platform in memory that only keeps what apply needs; for tests of the apply room alone. */
export function memoryWriter(options: MemoryWriterOptions = {}): MemoryWriter {
  const calls: string[] = [];
  const instances = new Map<string, LiveInstance>();
  const count = { create: 0, list: 0 };
  const toTags = options.toTags ?? ((tags: readonly string[]) => tags);

  return {
    calls,
    instances,
    target: { baseUrl: 'memory' },
    readAccount: async () => undefined,
    probe: async () => ({ account: {}, date: undefined }),
    checkAccount: async () => {},
    listInstances: async (filter) => {
      count.list += 1;
      options.onList?.(count.list);
      return [...instances.values()].filter(({ tags }) => filter?.tag === undefined || tags.includes(filter.tag));
    },
    readInstance: async (id) => instances.get(id),
    readConnector: async () => undefined,
    readConsentUrl: async () => 'https://provider.example/consent',
    readRequestToken: async () => ({ token: new Secret('t', 'test'), secret: new Secret('s', 'test') }),
    listFormulaInstances: async (id) => {
      calls.push(`formulas of ${id}`);
      return options.formulas ?? [];
    },
    ping: async () => ({ ok: true }),
    listStoppedPolling: async () => new Set(),
    listSubscriptions: async () => undefined,
    listPollingJobs: async () => undefined,
    listInstanceEvents: async () => undefined,
    close: async () => {},
    createInstance: async (request) => {
      count.create += 1;
      calls.push(`create ${request.name}`);
      const late = options.onCreate?.(request, count.create) === 'late';
      const id = String(100 + count.create);
      const instance = {
        id,
        connector: request.connector,
        name: request.name,
        tags: toTags(request.tags),
        disabled: false,
      };
      instances.set(id, instance);
      if (late) throw new PlatformError('no-answer', 'The connection was lost.', { unclear: true });
      return instance;
    },
    updateInstance: async (id, request) => {
      calls.push(`update ${id} ${Object.keys(request).toSorted().join(',')}`);
      options.onUpdate?.(id, request);
      const known = instances.get(id);
      if (known === undefined) throw new PlatformError('not-found', `There is no instance ${id}.`, { status: 404 });
      const instance = { ...known, tags: toTags(request.tags ?? known.tags), name: request.name ?? known.name };
      instances.set(id, instance);
      return instance;
    },
    reauthorizeInstance: async (id, request) => {
      calls.push(`reauthorize ${id} ${[...request.providerData.keys()].toSorted().join(',')}`);
      options.onReauthorize?.(id, request);
      const known = instances.get(id);
      if (known === undefined) throw new PlatformError('not-found', `There is no instance ${id}.`, { status: 404 });
      const instance = { ...known, tags: toTags(request.tags) };
      instances.set(id, instance);
      return instance;
    },
    setEnabled: async (id, enabled) => {
      calls.push(`${enabled ? 'enable' : 'disable'} ${id}`);
      return {};
    },
    deleteSubscription: async () => {},
    deleteInstance: async (id) => {
      calls.push(`delete ${id}`);
      instances.delete(id);
    },
  };
}
