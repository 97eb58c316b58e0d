import { compareIds, compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import { type Action, actions, type Change, isRefusedReplace, isWaiting } from '../model/plan.ts';
import type { Note } from '../model/plan-codes.ts';
import type { WorkItem } from '../model/work.ts';

/** A change without its digest. */
export type ChangeDraft = Omit<Change, 'digest'>;

/** What apply has to do for a change. */
export type Work = Omit<WorkItem, 'change'>;

/** A change and, when something is to be sent, what. */
export interface Planned {
  readonly change: Change;
  readonly work: Work | undefined;
}

/** Stands for the digest of an instance with which nothing is to be done, until it is known whether the plan shows it. */
export const undigested = '';

/** One list for all that have none. */
const none: readonly never[] = [];

/** The part of a change that follows from the definition, and from its instance where there is one. */
export function draftFor(action: Action, desired: DesiredInstance, live?: OwnedInstance): ChangeDraft {
  const { key, connector, name } = desired;
  const { file, line } = desired.source;
  const source = { file, line };
  const draft = { key, action, connector, name, source, fields: none, risks: none, notes: none };
  return live === undefined ? draft : { ...draft, id: live.id };
}

/** The change of an instance with which nothing is to be done. Part by part: the engine makes a class of its own for each object of so many that is spread. */
export function unchangedFor(
  { key, connector, name, source: { file, line } }: DesiredInstance,
  { id }: OwnedInstance,
  said: readonly Note[],
): Change {
  const [source, notes] = [{ file, line }, said.length === 0 ? none : said];
  return {
    key,
    action: 'unchanged',
    connector,
    name,
    source,
    fields: none,
    risks: none,
    notes,
    id,
    digest: undigested,
  };
}

/** A change of an instance that has no definition. */
export function draftWithout(action: Action, key: string, { connector, name, id }: OwnedInstance): ChangeDraft {
  return { key, action, connector, name, id, fields: [], risks: [], notes: [] };
}

/** The order of a plan: by action, then key, then id. */
export function compareChanges(a: Change, b: Change): number {
  const byAction = actions.indexOf(a.action) - actions.indexOf(b.action);
  return byAction || compareText(a.key, b.key) || compareIds(a.id ?? '', b.id ?? '');
}

/** How often each action is among them; every action is named. */
export function countActions(all: readonly Action[]): Readonly<Record<Action, number>> {
  const counts: Record<Action, number> = {
    conflict: 0,
    blocked: 0,
    delete: 0,
    replace: 0,
    create: 0,
    authorize: 0,
    reauthorize: 0,
    adopt: 0,
    move: 0,
    update: 0,
    remember: 0,
    orphan: 0,
    unchanged: 0,
  };
  for (const action of all) counts[action] += 1;
  return counts;
}

const waiting: ReadonlySet<Action> = new Set(['conflict', 'blocked', 'orphan', 'unchanged']);

/** Whether apply sends nothing for the change. */
export function isIdle(change: Pick<Change, 'action' | 'reason'>): boolean {
  return waiting.has(change.action) || isWaiting(change) || isRefusedReplace(change);
}

/** Whether a plan lists the change: an unchanged instance only when there is something to say about it. */
export function isWorthShowing({ action, notes }: Change): boolean {
  return action !== 'unchanged' || notes.length > 0;
}
