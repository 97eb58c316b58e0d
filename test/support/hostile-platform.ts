import { isJsonObject } from '../../src/model/json.ts';
import type { FaultRule } from '../../src/sandbox/faults/fault-rule.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Answer, ReceivedRequest } from './http-server.ts';
import { jumpingClock, type JumpingClock } from './jumping-clock.ts';
import { forward, type PlatformOptions, startPlatform, type TestPlatform } from './platform.ts';

/** An instance as it is answered. */
export type Row = Readonly<Record<string, unknown>>;

/** A request for one page of the list of instances. */
export interface ListCall {
  /** 0-based. */
  readonly page: number;
  /** How many pages were asked for before, of any list. */
  readonly turn: number;
  /** Whether the list is of one tag. */
  readonly isFiltered: boolean;
}

export type Next = (request: ReceivedRequest) => Promise<Answer>;

/** One thing that this platform does otherwise than one expects: by a fault of the sandbox where there is one for it. */
export interface Habit {
  readonly faults?: readonly FaultRule[];
  /** What a list shows, before it is cut into pages. */
  readonly list?: (rows: readonly unknown[], call: ListCall) => readonly unknown[];
  /** The total that a page tells; undefined: none. */
  readonly total?: (total: number | undefined, call: ListCall) => number | undefined;
  /** Told when a page was put together. */
  readonly afterPage?: (call: ListCall) => void;
  /** How an instance is shown: in a list, read by its id, or in the answer to a write. */
  readonly show?: (row: Row, by: 'list' | 'id' | 'write') => Row;
  /** Around everything: the request may be changed, answered otherwise, or not handed on at all. */
  readonly around?: (request: ReceivedRequest, next: Next) => Promise<Answer>;
}

/** What a habit works with. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly clock: JumpingClock;
}

export type HabitMaker = (stage: Stage) => Habit;

/** A sandbox behind habits. Its clock is moved by whoever sleeps, so that nothing is waited for. */
export interface HostilePlatform extends Pick<TestPlatform, 'origin' | 'requests' | 'writes'>, Stage {
  /** Replaces all habits. */
  set(...habits: readonly HabitMaker[]): void;
}

export interface HostileOptions extends Pick<PlatformOptions, 'quirks' | 'connectors'> {
  readonly habits?: readonly HabitMaker[];
  /** The largest page. Small ones spare a test hundreds of instances. Default 200. */
  readonly pageSize?: number;
}

const instancesPath = '/elements/api-v2/instances';
const instancePath = /^\/elements\/api-v2\/instances\/\d+$/;

/** Starts a platform that ends with the test that started it. */
export async function startHostile({
  habits = [],
  pageSize = 200,
  quirks,
  connectors,
}: HostileOptions = {}): Promise<HostilePlatform> {
  const clock = jumpingClock();
  const present: { habits: readonly Habit[]; turn: number } = { habits: [], turn: 0 };
  const platform = await startPlatform({
    clock: clock.date,
    connectors,
    quirks: { ...quirks, maxPageSize: pageSize },
    before: (request) => serve(request),
  });
  const { sandbox, origin, requests } = platform;

  const serve = (request: ReceivedRequest): Promise<Answer> => {
    const chain = present.habits.reduceRight<Next>(
      (next, { around }) => (around === undefined ? next : (one) => around(one, next)),
      (one) => answer(one),
    );
    return chain(request);
  };
  const answer = async (request: ReceivedRequest): Promise<Answer> => {
    const { method, path, headers } = request;
    const isOfToken = headers.authorization?.includes('Element ') === true;
    const isList = method === 'GET' && path === instancesPath && !isOfToken;
    if (isList && present.habits.some(isOfLists)) return answerList(request);
    const plain = await forward(request, sandbox.port);
    const isInstance = (path === instancesPath && !isList) || instancePath.test(path);
    return isInstance ? shownBy(plain, method === 'GET' ? 'id' : 'write') : plain;
  };
  const answerList = async (request: ReceivedRequest): Promise<Answer> => {
    const { rows, refusal } = await readAll(request, sandbox.port);
    if (refusal !== undefined) return refusal;
    const { query } = request;
    const offset = Number(query.get('nextPage') ?? '0');
    const size = Math.min(pageSize, Number(query.get('pageSize') ?? '200'));
    const tags = query.getAll('tags[]');
    const call = { page: offset / size, turn: present.turn, isFiltered: tags.length > 0 };
    present.turn += 1;
    const listed = present.habits.reduce<readonly unknown[]>((all, { list }) => list?.(all, call) ?? all, rows);
    const shown = listed.map((row) => (isJsonObject(row) ? show(row, 'list') : row));
    const page = shown.slice(offset, offset + size);
    const total = present.habits.reduce<number | undefined>(
      (sum, habit) => (habit.total === undefined ? sum : habit.total(sum, call)),
      shown.length,
    );
    for (const { afterPage } of present.habits) afterPage?.(call);
    return {
      json: page,
      headers: {
        ...(total === undefined ? {} : { 'elements-total-count': String(total) }),
        ...(page.length === 0 ? {} : { 'elements-next-page-token': String(offset + size) }),
      },
    };
  };
  const show = (row: Row, by: 'list' | 'id' | 'write'): Row =>
    present.habits.reduce((one, habit) => habit.show?.(one, by) ?? one, row);
  const shownBy = (plain: Answer, by: 'id' | 'write'): Answer => {
    const row = parse(plain);
    if (plain.status !== 200 || !isJsonObject(row)) return plain;
    return { ...plain, body: JSON.stringify(show(row, by)) };
  };

  const set: HostilePlatform['set'] = (...makers) => {
    present.habits = makers.map((make) => make({ sandbox, clock }));
    sandbox.setFaults(present.habits.flatMap(({ faults = [] }) => faults));
  };
  set(...habits);
  return { sandbox, origin, requests, writes: () => platform.writes(), clock, set };
}

/** All rows of the sandbox, or its refusal. */
async function readAll(
  request: ReceivedRequest,
  port: number,
): Promise<{ readonly rows: readonly unknown[]; readonly refusal?: Answer }> {
  const rows: unknown[] = [];
  for (let token = ''; ;) {
    const query = new URLSearchParams({ pageSize: '200', ...(token === '' ? {} : { nextPage: token }) });
    for (const tag of request.query.getAll('tags[]')) query.append('tags[]', tag);
    const answer = await forward({ ...request, query }, port);
    const page = parse(answer);
    if (answer.status === 404) return { rows };
    if (!Array.isArray(page)) return { rows, refusal: answer };
    rows.push(...page.map((row: unknown) => row));
    token = answer.headers?.['elements-next-page-token'] ?? '';
    if (token === '') return { rows };
  }
}

function parse({ body }: Answer): unknown {
  const text = String(body ?? '');
  return text === '' ? undefined : JSON.parse(text);
}

function isOfLists({ list, total, afterPage, show }: Habit): boolean {
  return [list, total, afterPage, show].some((hook) => hook !== undefined);
}
