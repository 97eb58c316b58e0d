import { isJsonObject } from '../../src/model/json.ts';
import type { FaultRule, FaultTarget } from '../../src/sandbox/faults/fault-rule.ts';
import type { DropTagsFault, NormalForm } from '../../src/sandbox/faults/habit-rule.ts';
import type { Answer, ReceivedRequest } from './http-server.ts';
import type { HabitMaker, Next, Row } from './hostile-platform.ts';
import { credentials } from './platform.ts';

/** Which lists are meant. */
export type Lists = 'all' | 'filtered' | 'unfiltered';

/** What a fault of the sandbox does. */
export function faulty(...faults: readonly FaultRule[]): HabitMaker {
  return () => ({ faults });
}

/** A created instance shows in lists only after a while. */
export function listLag(ms: number, which: Lists = 'all'): HabitMaker {
  const queries: Readonly<Record<Lists, FaultTarget>> = {
    all: {},
    filtered: { query: 'tags[]' },
    unfiltered: { query: '!tags[]' },
  };
  return faulty({ kind: 'list-lag', ms, of: 'creates', on: queries[which] });
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

/** Every page but the first is of the list in another order. */
export const reordered = faulty({ kind: 'page-shift', form: 'reorder' });

/** The newest comes first. */
export const newestFirst: HabitMaker = () => ({ list: (rows) => rows.toReversed() });

/** No list tells how many there are. */
export const noTotal = faulty({ kind: 'no-total' });

/** Credentials of another user are used: nothing of what is there is seen. */
export const otherUser = faulty({ kind: 'other-user' });

/** Odd entries stand in every list that is of no tag. */
export function oddForeign(...entries: readonly unknown[]): HabitMaker {
  return () => ({ list: (rows, { isFiltered }) => (isFiltered ? rows : [...rows, ...entries]) });
}

/** What was deleted, through the platform or behind its back, is listed for a while as it was. */
export function deletedStillListed(ms: number): HabitMaker {
  return faulty({ kind: 'list-lag', ms, of: 'deletes' });
}

/** Reads show an instance as it was before the PATCHes of the last while. */
export function staleReads(ms: number): HabitMaker {
  return faulty({ kind: 'stale-read', ms }, { kind: 'list-lag', ms, of: 'changes' });
}

/** Reads show the value of a key, or of all, in another form than the answer to a write did. */
export function reads(key: string | undefined, form: NormalForm): HabitMaker {
  return faulty({ kind: 'normalise-on-read', form, ...(key === undefined ? {} : { key }) });
}

/** Reads show the user's tags, not ours, otherwise than they were sent. */
export function readsUserTags(form: NonNullable<DropTagsFault['form']>): HabitMaker {
  return faulty({ kind: 'drop-tags', form, on: { methods: ['GET'] } });
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

/** PATCH answers 200 and takes no configuration, or not these keys of it; tags and name are taken. */
export function ignoresPatch({
  keys = [],
  header = false,
}: { readonly keys?: readonly string[]; readonly header?: boolean } = {}): HabitMaker {
  const rules = keys.map((key) => ({ kind: 'ignore-write' as const, key, header }));
  return faulty(...(rules.length === 0 ? [{ kind: 'ignore-write' as const, header }] : rules));
}

/** PATCH answers 200 and does nothing at all. */
export const ignoresPatchWhole = faulty({ kind: 'ignore-write', of: 'everything' });

/** A PATCH with a configuration takes its place: what it does not name is gone. */
export const replacesOnPatch = faulty({ kind: 'replace-on-patch' });

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

function withValue(row: Row, key: string, change: (value: string) => string | undefined): Row {
  const { configuration } = row;
  if (!isJsonObject(configuration) || typeof configuration[key] !== 'string') return row;
  const { [key]: value, ...rest } = configuration;
  const changed = change(String(value));
  return { ...row, configuration: changed === undefined ? rest : { ...rest, [key]: changed } };
}
