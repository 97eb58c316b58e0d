import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { Agent } from 'undici';
import { isJsonObject } from '../../src/model/json.ts';

/** What a tenant may do to the value of a key, always the same to the same key. */
const keyHabits = ['keep', 'trim', 'lower', 'alias', 'mask', 'drop'] as const;

export type KeyHabit = (typeof keyHabits)[number];

type Row = Readonly<Record<string, unknown>>;

/** How a tenant's answers differ from what was sent. Each a switch; all off is the sandbox's own way. */
export interface Habits {
  /** What happens to values: a key has the habit at the place that its name hashes to. None: all are kept. */
  readonly keys: readonly KeyHabit[];
  /** Objects come with their keys in another order, a different one with each answer. */
  readonly keyOrder: boolean;
  /** Lists come in another order, a different one with each answer. */
  readonly listOrder: boolean;
  readonly tagOrder: boolean;
  /** Texts that hold JSON come with other blanks and in another key order. */
  readonly jsonText: boolean;
  readonly nullForEmpty: boolean;
  /** How `true` and `false` come back. */
  readonly booleans: 'as sent' | 'True' | 'TRUE';
  readonly unknownFields: boolean;
  /** Tags come as `{id, name}`, as they did once (platform-api §3). */
  readonly tagObjects: boolean;
  /** Entries of lists have no configuration (platform-api §16.8). */
  readonly bareLists: boolean;
  readonly noTotalCount: boolean;
  /** Largest page; undefined: 200. */
  readonly pageSize: number | undefined;
  /** A page token comes with the last page too (platform-api §4). */
  readonly tokenAfterLastPage: boolean;
  /** A list without any hit is `[]`, not 404. */
  readonly emptyLists: boolean;
  /** Keys that the connector does not declare are kept and shown, not forgotten. */
  readonly undeclaredKept: boolean;
}

/** Any combination; shrinks towards the sandbox's own way. */
export const habits: fc.Arbitrary<Habits> = fc.record({
  keys: fc.array(fc.constantFrom(...keyHabits), { maxLength: 13 }),
  keyOrder: fc.boolean(),
  listOrder: fc.boolean(),
  tagOrder: fc.boolean(),
  jsonText: fc.boolean(),
  nullForEmpty: fc.boolean(),
  booleans: fc.constantFrom('as sent' as const, 'True' as const, 'TRUE' as const),
  unknownFields: fc.boolean(),
  tagObjects: fc.boolean(),
  bareLists: fc.boolean(),
  noTotalCount: fc.boolean(),
  pageSize: fc.constantFrom(undefined, 1, 3),
  tokenAfterLastPage: fc.boolean(),
  emptyLists: fc.boolean(),
  undeclaredKept: fc.boolean(),
});

export interface ManglingProxy {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts an HTTP server that hands every request on to the target, and changes the answers as the habits say. */
export async function startManglingProxy(target: string, tenant: Habits): Promise<ManglingProxy> {
  const agent = new Agent();
  const origin = new URL(target).origin;
  const answers = { count: 0 };
  const server = createServer((incoming, response) => {
    answers.count += 1;
    const mangler = createMangler(tenant, answers.count);
    relay({ incoming, response }, { agent, origin, mangler, tenant }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${portOf(server)}`, close: () => close(server, agent) };
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
}

interface Relay {
  readonly agent: Agent;
  readonly origin: string;
  readonly mangler: Mangler;
  readonly tenant: Habits;
}

async function relay({ incoming, response }: Exchange, { agent, origin, mangler, tenant }: Relay): Promise<void> {
  const { host: _host, connection: _connection, ...headers } = incoming.headers;
  const url = new URL(incoming.url ?? '/', origin);
  if (tenant.pageSize !== undefined && url.searchParams.has('pageSize')) {
    url.searchParams.set('pageSize', String(tenant.pageSize));
  }
  const body = await buffer(incoming);
  const answer = await agent.request({
    origin,
    path: `${url.pathname}${url.search}`,
    method: incoming.method ?? 'GET',
    headers,
    ...(body.length === 0 ? {} : { body }),
  });
  const text = await answer.body.text();
  const isList = incoming.method === 'GET' && url.pathname.endsWith('/instances');
  const isEmpty = isList && answer.statusCode === 404 && tenant.emptyLists;
  const mangled = isEmpty ? '[]' : mangleText(text, mangler);
  const isShown = (name: string) => !(tenant.noTotalCount && countHeaders.has(name));
  response.writeHead(isEmpty ? 200 : answer.statusCode, {
    ...Object.fromEntries(Object.entries(answer.headers).filter(([name]) => isShown(name))),
    'content-length': Buffer.byteLength(mangled),
  });
  response.end(mangled);
}

const countHeaders: ReadonlySet<string> = new Set(['elements-total-count', 'elements-returned-count']);

function mangleText(text: string, mangler: Mangler): string {
  if (text === '') return '';
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) return JSON.stringify(mangler.finish(isInstance(value) ? mangler.one(value) : value));
  const rows = value.map((row: unknown) => (isInstance(row) ? mangler.entry(row) : row));
  return JSON.stringify(mangler.finish(mangler.order(rows)), undefined, 1);
}

function isInstance(value: unknown): value is Row {
  return isJsonObject(value) && 'element' in value && 'tags' in value;
}

/** What is done to one answer. */
interface Mangler {
  one(instance: Row): Row;
  /** An instance in a list. */
  entry(instance: Row): Row;
  order(rows: readonly unknown[]): readonly unknown[];
  /** Done to the whole answer. */
  finish(value: unknown): unknown;
}

/** @param turn differs with each answer, for what differs with each answer */
function createMangler(tenant: Habits, turn: number): Mangler {
  const one = (instance: Row): Row => {
    const { configuration, tags } = instance;
    const list = Array.isArray(tags) ? tags : [];
    const ordered = tenant.tagOrder ? turned(list, turn) : list;
    return {
      ...instance,
      ...(tenant.unknownFields ? { shiny: { new: ['field', turn] }, tagCount: list.length } : {}),
      tags: tenant.tagObjects ? ordered.map((name: unknown, id) => ({ id, name })) : ordered,
      ...(isJsonObject(configuration) ? { configuration: mangleConfiguration(configuration, tenant) } : {}),
    };
  };
  return {
    one,
    entry: (instance) => {
      const { configuration, ...rest } = one(instance);
      return tenant.bareLists ? rest : { ...rest, configuration };
    },
    order: (rows) => (tenant.listOrder ? turned(rows, turn) : rows),
    finish: (value) => (tenant.keyOrder ? turnKeys(value, turn) : value),
  };
}

function mangleConfiguration(configuration: Row, tenant: Habits): Row {
  const shown = Object.entries(configuration).flatMap(([key, value]) => {
    const spelt = typeof value === 'string' ? spell(value, tenant) : value;
    return applyHabit(key, spelt, habitOf(key, tenant));
  });
  const unknown = tenant.unknownFields ? [['vendor.revision', '7']] : [];
  return Object.fromEntries([...shown, ...unknown]);
}

/** What the tenant does to the values of a key. */
function habitOf(key: string, { keys }: Habits): KeyHabit {
  const hash = Array.from(key).reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 7);
  return keys[hash % Math.max(1, keys.length)] ?? 'keep';
}

function applyHabit(key: string, value: unknown, habit: KeyHabit): readonly (readonly [string, unknown])[] {
  if (habit === 'drop') return [];
  if (habit === 'alias') return [[`vendor.${key}`, value]];
  if (typeof value !== 'string' || habit === 'keep') return [[key, value]];
  if (habit === 'mask') return [[key, value === '' ? value : '********']];
  return [[key, habit === 'trim' ? value.trim() : value.toLowerCase()]];
}

function spell(value: string, tenant: Habits): string | null {
  if (value === '') return tenant.nullForEmpty ? null : value;
  if (value === 'true' || value === 'false') return spellBoolean(value, tenant);
  return tenant.jsonText ? respace(value) : value;
}

function spellBoolean(value: string, { booleans }: Habits): string {
  if (booleans === 'TRUE') return value.toUpperCase();
  return booleans === 'True' ? value.charAt(0).toUpperCase() + value.slice(1) : value;
}

function respace(text: string): string {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(turnKeys(value, 1), undefined, 3);
  } catch {
    return text;
  }
}

function turnKeys(value: unknown, turn: number): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => turnKeys(one, turn));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(turned(Object.entries(value), turn).map(([key, inner]) => [key, turnKeys(inner, turn)]));
}

/** The same entries, begun at another place and, every other time, backwards. */
function turned<T>(all: readonly T[], turn: number): readonly T[] {
  const start = all.length === 0 ? 0 : turn % all.length;
  const rotated = [...all.slice(start), ...all.slice(0, start)];
  return turn % 2 === 0 ? rotated : rotated.toReversed();
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return address.port;
}

async function close(server: Server, agent: Agent): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  await agent.destroy();
}
