import { isJsonObject } from '../../src/model/json.ts';
import type { Answer, ReceivedRequest } from './http-server.ts';
import type { HabitMaker, Next, Row } from './hostile-platform.ts';
import { credentials } from './platform.ts';

/** Which lists are meant. */
export type Lists = 'all' | 'filtered' | 'unfiltered';

/** A created instance shows in lists only after a while. */
export function listLag(milliseconds: number, which: Lists = 'all'): HabitMaker {
  return ({ clock }) => ({
    list: (rows, { isFiltered }) => {
      if (which !== 'all' && (which === 'filtered') !== isFiltered) return rows;
      const youngest = clock.date().getTime() - milliseconds;
      return rows.filter((row) => !isJsonObject(row) || Date.parse(String(row['createdDate'])) <= youngest);
    },
  });
}

/** Once, right after the first page of a list was answered, something happens to the account. */
export function afterFirstPage(happen: () => void): HabitMaker {
  let isOver = false;
  return () => ({
    afterPage: ({ page }) => {
      if (isOver || page !== 0) return;
      isOver = true;
      happen();
    },
  });
}

/** Every request meets the list in another order. */
export const reordered: HabitMaker = () => ({
  list: (rows, { turn }) => {
    const start = rows.length === 0 ? 0 : (turn * 2) % rows.length;
    return [...rows.slice(start), ...rows.slice(0, start)];
  },
});

/** The newest comes first. */
export const newestFirst: HabitMaker = () => ({ list: (rows) => rows.toReversed() });

/** No list tells how many there are. */
export const noTotal: HabitMaker = () => ({ total: () => undefined });

/** Credentials of another user are used: nothing of what is there is seen. */
export const otherUser: HabitMaker = () => ({
  list: () => [],
  around: (request, next) =>
    request.method === 'GET' && /\/instances\/\d+$/.test(request.path)
      ? Promise.resolve({ status: 404, json: { message: 'No element instance found', requestId: 'r-404' } })
      : next(request),
});

/** Odd entries stand in every list that is of no tag. */
export function oddForeign(...entries: readonly unknown[]): HabitMaker {
  return () => ({ list: (rows, { isFiltered }) => (isFiltered ? rows : [...rows, ...entries]) });
}

/** What was deleted, through the platform or behind its back, is listed for a while as it was listed last. */
export function deletedStillListed(milliseconds: number): HabitMaker {
  const seen = new Map<number, { readonly row: Row; at: number }>();
  return ({ clock }) => ({
    list: (rows) => {
      const present = new Set<number>();
      for (const row of rows.filter((one) => isJsonObject(one))) {
        present.add(Number(row['id']));
        seen.set(Number(row['id']), { row, at: clock.now() });
      }
      const gone = [...seen].filter(([id, { at }]) => !present.has(id) && at >= clock.now() - milliseconds);
      return [...rows, ...gone.map(([, { row }]) => row)];
    },
  });
}

/** Reads show an instance as it was before the PATCHes of the last while. */
export function staleReads(milliseconds: number): HabitMaker {
  return ({ clock }) => {
    const latest = new Map<number, Row>();
    const former: { readonly id: number; readonly row: Row; readonly until: number }[] = [];
    return {
      show: (row, by) => {
        const id = Number(row['id']);
        if (by === 'write') {
          const before = latest.get(id);
          if (before !== undefined) former.push({ id, row: before, until: clock.now() + milliseconds });
          latest.set(id, row);
          return row;
        }
        const stale = former.find((one) => one.id === id && one.until > clock.now());
        if (stale === undefined) latest.set(id, row);
        return stale?.row ?? row;
      },
    };
  };
}

/** Reads show the value of a key otherwise than the answer to a write did; undefined: not at all. */
export function reads(key: string, change: (value: string) => string | undefined): HabitMaker {
  return () => ({ show: (row, by) => (by === 'write' ? row : withValue(row, key, change)) });
}

/** Every answer shows the value of a key otherwise than it was sent. */
export function answers(key: string, change: (value: string) => string | undefined): HabitMaker {
  return () => ({ show: (row) => withValue(row, key, change) });
}

/** Names are shown otherwise than they were sent, by reads alone or always. */
export function spellsNames(change: (name: string) => string, by: 'reads' | 'always' = 'always'): HabitMaker {
  return () => ({
    show: (row, how) => (by === 'reads' && how === 'write' ? row : { ...row, name: change(String(row['name'])) }),
  });
}

/** Reads show the user's tags, not ours, otherwise than they were sent; undefined: not at all. */
export function readsUserTags(change: (tag: string, index: number) => string | undefined): HabitMaker {
  return () => ({
    show: (row, by) => {
      const tags: unknown = row['tags'];
      if (by === 'write' || !Array.isArray(tags)) return row;
      const all: readonly string[] = tags.map((tag: unknown) => String(tag));
      const ours = all.filter((tag) => tag.startsWith('connectorctl'));
      const users = all.filter((tag) => !tag.startsWith('connectorctl'));
      return { ...row, tags: [...users.flatMap((tag, index) => change(tag, index) ?? []), ...ours] };
    },
  });
}

/** PATCH answers 200 and takes no configuration, or not these keys of it; tags and name are taken. */
export function ignoresPatch({
  keys,
  header = false,
}: { readonly keys?: readonly string[]; readonly header?: boolean } = {}): HabitMaker {
  return () => ({
    around: async (request, next) => {
      const body = bodyOf(request);
      const { configuration, ...rest } = body;
      if (request.method !== 'PATCH' || !isJsonObject(configuration)) return next(request);
      const taken =
        keys === undefined
          ? {}
          : Object.fromEntries(Object.entries(configuration).filter(([key]) => !keys.includes(key)));
      const answer = await next({ ...request, body: JSON.stringify({ ...rest, configuration: taken }) });
      return header ? { ...answer, headers: { ...answer.headers, 'elements-error': 'Missing privilege' } } : answer;
    },
  });
}

/** PATCH answers 200 and does nothing at all. */
export const ignoresPatchWhole: HabitMaker = () => ({
  around: (request, next) => next(request.method === 'PATCH' ? { ...request, body: '{}' } : request),
});

/** A PATCH with a configuration takes its place: what it does not name is gone from every answer. */
export const replacesOnPatch: HabitMaker = () => {
  const kept = new Map<string, ReadonlySet<string>>();
  return {
    around: (request, next) => {
      const { configuration } = bodyOf(request);
      const id = request.path.split('/').at(-1) ?? '';
      if (request.method === 'PATCH' && isJsonObject(configuration)) kept.set(id, new Set(Object.keys(configuration)));
      return next(request);
    },
    show: (row) => {
      const { id, configuration } = row;
      const keys = kept.get(String(id));
      if (keys === undefined || !isJsonObject(configuration)) return row;
      return {
        ...row,
        configuration: Object.fromEntries(Object.entries(configuration).filter(([key]) => keys.has(key))),
      };
    },
  };
};

/** The account has another organisation secret than the sandbox. */
export function organizationSecret(secret: string): HabitMaker {
  return () => ({
    around: (request, next) => {
      const authorization = request.headers.authorization?.replace(
        secret,
        credentials.CONNECTORCTL_ORGANIZATION_SECRET,
      );
      return next({ ...request, headers: { ...request.headers, authorization } });
    },
  });
}

/** What comes in place of HTTP. */
export const garbage = {
  'line feeds only': 'HTTP/1.1 200 OK\nContent-Length: 2\n\n[]',
  'a bad chunk size': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n',
  'a control character in a header': 'HTTP/1.1 200 OK\r\nX-Odd: a\u0000b\r\nContent-Length: 2\r\n\r\n[]',
  'bytes of TLS': '\u0015\u0003\u0001\u0000\u0002\u0002\u0046',
  'a greeting of another protocol': '220 smtp.example.com ESMTP ready\r\n',
} as const;

/** The first request that fits gets this in place of an answer, or all of them. */
export function answersInstead(answer: Answer, fits: (request: ReceivedRequest) => boolean, times = 1): HabitMaker {
  let left = times;
  return () => ({
    around: (request, next) => {
      if (left <= 0 || !fits(request)) return next(request);
      left -= 1;
      return Promise.resolve(answer);
    },
  });
}

/** Holds a request back for good, as if whoever sent it were killed. */
export interface Kill {
  readonly habit: HabitMaker;
  /** Resolves when the request is held. */
  readonly happened: Promise<void>;
}

/** Kills at the n-th write, 0-based: before it arrives, or before its answer leaves. */
export function killAtWrite(index: number, moment: 'before' | 'after'): Kill {
  const held = makeSignal();
  let count = 0;
  const around = async (request: ReceivedRequest, next: Next): Promise<Answer> => {
    if (request.method === 'GET') return next(request);
    const isHere = count === index;
    count += 1;
    if (!isHere) return next(request);
    if (moment === 'after') await next(request);
    held.give();
    return { fault: 'hang' };
  };
  return { habit: () => ({ around }), happened: held.given };
}

/** A POST whose sender was killed, and which the platform carries out only later. */
export interface LateCommit extends Kill {
  /** Carries it out at once, when it was not yet. */
  commit(): Promise<void>;
}

/** The first POST is carried out so much later, with the first request that comes then. */
export function commitsLate(milliseconds: number): LateCommit {
  const held = makeSignal();
  const waiting: { commit?: () => Promise<Answer>; due: number } = { due: 0 };
  let isMet = false;
  const commit = async (): Promise<void> => {
    const { commit: run } = waiting;
    delete waiting.commit;
    await run?.();
  };
  const habit: HabitMaker = ({ clock }) => ({
    around: async (request, next) => {
      if (clock.now() >= waiting.due) await commit();
      if (request.method !== 'POST' || isMet) return next(request);
      isMet = true;
      waiting.due = clock.now() + milliseconds;
      waiting.commit = () => next(request);
      held.give();
      return { fault: 'hang' };
    },
  });
  return { habit, happened: held.given, commit };
}

function makeSignal(): { readonly given: Promise<void>; readonly give: () => void } {
  const state: { give: () => void } = { give: () => {} };
  const given = new Promise<void>((resolve) => {
    state.give = resolve;
  });
  return { given, give: () => state.give() };
}

function bodyOf({ body }: ReceivedRequest): Row {
  const value: unknown = body === '' ? {} : JSON.parse(body);
  return isJsonObject(value) ? value : {};
}

function withValue(row: Row, key: string, change: (value: string) => string | undefined): Row {
  const { configuration } = row;
  if (!isJsonObject(configuration) || typeof configuration[key] !== 'string') return row;
  const { [key]: value, ...rest } = configuration;
  const changed = change(String(value));
  return { ...row, configuration: changed === undefined ? rest : { ...rest, [key]: changed } };
}
