import type { DesiredInstance, DesiredValue } from '../../src/model/desired.ts';
import type { LiveInstance, OwnedInstance } from '../../src/model/live.ts';
import { isSecretKey } from '../../src/model/secret-key.ts';
import { revealValue, Secret } from '../../src/model/secret.ts';
import { stripHtml } from '../../src/model/canonical-value.ts';
import type { WorkItem } from '../../src/model/work.ts';
import { readOwned } from '../../src/operation/read-live.ts';
import type { PlanTools } from '../../src/plan/build-plan.ts';
import { recordWritten } from './tools.ts';
import { createContext } from '../../src/plan/plan-context.ts';
import { encodeApplied } from '../../src/tags/applied-vector.ts';
import { environment, workspace } from '../support/builders.ts';

/** What a platform may do to the value of a key. */
export const manglings = [
  'keep',
  'trim',
  'lower',
  'alias',
  'mask',
  'drop',
  'fix',
  'reorder',
  'nullify',
  'stick',
] as const;

export type Mangling = (typeof manglings)[number];

interface Stored {
  readonly id: string;
  readonly connector: string;
  name: string;
  tags: readonly string[];
  disabled: boolean;
  readonly values: Map<string, string>;
}

/** A platform in memory that treats each key in its own bad way, and a client that carries out work on it. */
export interface ManglingPlatform {
  list(): readonly OwnedInstance[];
  /** Somebody else changes a value. */
  drift(id: string, key: string, value: string): void;
  /** Somebody else takes connectorctl's memory away. */
  forget(id: string): void;
  /** Somebody else adds a tag. */
  addTag(id: string, tag: string): void;
  apply(work: readonly WorkItem[], desired: readonly DesiredInstance[]): void;
}

export function createManglingPlatform(
  manglingOf: (key: string) => Mangling,
  tools: PlanTools,
  strangers: readonly { readonly connector: string; readonly name: string }[] = [],
): ManglingPlatform {
  const stored = new Map<string, Stored>();
  let last = 0;
  for (const stranger of strangers) add({ ...stranger, tags: [] });

  return {
    list: () => [...stored.values()].map((one) => readOwned(read(one))),
    drift: (id, key, value) => void stored.get(id)?.values.set(key, value),
    forget: (id) => {
      const one = stored.get(id);
      if (one !== undefined) one.tags = one.tags.filter((tag) => !tag.startsWith('connectorctl-applied/'));
    },
    addTag: (id, tag) => {
      const one = stored.get(id);
      if (one !== undefined) one.tags = [...one.tags, tag];
    },
    apply: (work, desired) => {
      for (const item of work)
        applyItem(
          item,
          desired.find((one) => one.key === item.key),
        );
    },
  };

  function add(request: {
    readonly connector: string;
    readonly name: string;
    readonly tags: readonly string[];
  }): Stored {
    last += 1;
    const one: Stored = {
      id: String(last),
      connector: request.connector,
      name: '',
      tags: [],
      disabled: false,
      values: new Map(),
    };
    stored.set(one.id, one);
    write(one, request);
    return one;
  }

  function write(
    one: Stored,
    request: {
      readonly name?: string | undefined;
      readonly tags?: readonly string[] | undefined;
      readonly configuration?: ReadonlyMap<string, DesiredValue> | undefined;
    },
  ): void {
    if (request.name !== undefined) one.name = stripHtml(request.name).trim();
    if (request.tags !== undefined) one.tags = request.tags.map((tag) => stripHtml(tag).trim());
    for (const [key, value] of request.configuration ?? []) {
      if (!one.values.has(key) || manglingOf(key) !== 'stick') one.values.set(key, toWireText(value));
    }
  }

  function read(one: Stored): LiveInstance {
    const { values, ...rest } = one;
    const shown = [...values].flatMap(([key, value]) => mangle(key, value, manglingOf(key)));
    const secured = shown.map(([key, value]): [string, string | Secret | null] => [
      key,
      value !== null && value !== '' && value !== '********' && isSecretKey(key) ? new Secret(value, key) : value,
    ]);
    return { ...rest, configuration: new Map([...secured, ['pagination.max', '100']]) };
  }

  function applyItem(item: WorkItem, desired: DesiredInstance | undefined): void {
    const { action } = item.change;
    if (item.id !== undefined && (action === 'delete' || action === 'replace')) stored.delete(item.id);
    if (action === 'delete' || desired === undefined) return;

    const tags = toTags(item, item.applied);
    const one = item.create === undefined ? stored.get(item.id ?? '') : add({ ...item.create, tags });
    if (one === undefined) throw new Error(`Nothing has the id ${item.id}.`);
    write(one, item.create ?? { ...item.update, tags });

    const amended = recordWritten({ desired, answered: read(one), written: item }, { context: createContext(tools) });
    if (amended !== item.applied) write(one, { tags: toTags(item, amended) });
    if (item.enabled !== undefined) one.disabled = !item.enabled;
  }
}

function toTags(item: WorkItem, applied: WorkItem['applied']): readonly string[] {
  const own = [`connectorctl/${workspace}/${environment}`, `connectorctl/${workspace}/${environment}/${item.key}`];
  return [...encodeApplied(applied, 100).toReversed(), ...item.userTags, ...own];
}

function toWireText(value: DesiredValue): string {
  if (value instanceof Secret) return revealValue(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function mangle(key: string, value: string, mangling: Mangling): readonly [string, string | null][] {
  switch (mangling) {
    case 'keep':
    case 'stick':
      return [[key, value]];
    case 'trim':
      return [[key, value.trim()]];
    case 'lower':
      return [[key, value.toLowerCase()]];
    case 'alias':
      return [[`alias.of.${key}`, value]];
    case 'mask':
      return [[key, '********']];
    case 'drop':
      return [];
    case 'fix':
      return [[key, 'the only value it knows']];
    case 'reorder':
      return [[key, reorder(value)]];
    case 'nullify':
      return [[key, null]];
    default:
      return mangling satisfies never;
  }
}

function reorder(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return text;
    return JSON.stringify(Object.fromEntries(Object.entries(value).toReversed()), undefined, 1);
  } catch {
    return text;
  }
}
