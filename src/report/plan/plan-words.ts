import { isInDoubt } from './memory-words.ts';
import { shortDigest } from '../../model/hashing.ts';
import { type Action, type Cause, type Change, isRefusedReplace, isWaiting, type Plan } from '../../model/plan.ts';

/** One character for each action, as in diffs and in Terraform where those have one. */
export const symbols: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  move: '→',
  adopt: '@',
  remember: '*',
  authorize: '?',
  reauthorize: '↻',
  conflict: '!',
  blocked: '⊘',
  replace: '±',
  delete: '-',
  orphan: '○',
  unchanged: '=',
};

/** Who moved, in words that a reviewer understands without a manual. */
export const causeWords: Readonly<Record<Cause, string>> = {
  definition: 'you changed it',
  drift: 'changed on the platform',
  conflict: 'changed on both sides',
  secret: 'secret rotated',
  removed: 'no longer declared',
};

/** The actions that apply carries out, in the order in which they are counted. */
const doing: readonly Action[] = ['create', 'update', 'reauthorize', 'move', 'adopt', 'remember', 'replace', 'delete'];

type Counted = Pick<Plan, 'summary' | 'changes'>;

/** How many have the action, without those that wait for a person. */
function countDone({ summary, changes }: Counted, action: Action): number {
  return summary[action] - changes.filter((change) => change.action === action && isWaiting(change)).length;
}

/** The counts of what apply would do: `2 to create, 1 to update, 0 to delete`. Kinds other than these three are left out when there are none. */
export function countWork(plan: Counted): string {
  const always = new Set<Action>(['create', 'update', 'delete']);
  return doing
    .filter((action) => countDone(plan, action) > 0 || always.has(action))
    .map((action) => `${countDone(plan, action)} to ${action}`)
    .join(', ');
}

/** What waits for a person, each with what that means: a count in words, and an explanation. */
export function explainWaiting(plan: Counted): readonly (readonly [string, string])[] {
  const { summary } = plan;
  const lines: readonly (readonly [number, string, string])[] = [
    [summary.authorize, 'to authorize', 'waits for a person'],
    [summary.reauthorize - countDone(plan, 'reauthorize'), 'to reauthorize', 'has to be logged in again by a person'],
    [summary.conflict, summary.conflict === 1 ? 'conflict' : 'conflicts', 'not touched until you resolve it'],
    [summary.blocked, 'blocked', 'not touched until its secrets and variables are set'],
    [summary.orphan, summary.orphan === 1 ? 'orphan' : 'orphans', explainOrphans(plan.changes)],
  ];
  return lines.filter(([count]) => count > 0).map(([count, word, meaning]) => [`${count} ${word}`, meaning]);
}

/** Why there are orphans: their definitions are gone, or there and for other environments only. */
function explainOrphans(changes: readonly Change[]): string {
  const orphans = changes.filter(({ action }) => action === 'orphan');
  const elsewhere = orphans.filter(
    ({ reason }) => reason !== undefined && 'onlyIn' in reason && reason.onlyIn !== undefined,
  );
  if (elsewhere.length === 0) return 'no longer has a definition; kept';
  return elsewhere.length === orphans.length
    ? 'has a definition for other environments only; kept'
    : 'no longer has a definition, or one for other environments only; kept';
}

/** How many fields moved for each cause: `3 you changed, 1 changed on the platform`. Empty when no field did; a new instance has no such fields. */
export function countCauses(changes: readonly Change[]): string {
  const causes = changes
    .filter((change) => !isNew(change))
    .flatMap((change) => change.fields.map((field) => field.cause));
  const words: readonly (readonly [Cause, string])[] = [
    ['definition', 'you changed'],
    ['drift', causeWords.drift],
    ['conflict', causeWords.conflict],
    ['secret', causeWords.secret],
    ['removed', causeWords.removed],
  ];
  return words
    .map(([cause, word]) => [causes.filter((each) => each === cause).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

/** Whether there is no live instance yet, so that fields are listed and not compared. */
export function isNew({ action }: Change): boolean {
  return action === 'create' || action === 'authorize';
}

/** Whether no definition and no live instance needs anything. */
export function isEmptyPlan({ summary }: Plan): boolean {
  return Object.entries(summary).every(([action, count]) => action === 'unchanged' || count === 0);
}

/** What an offline plan is, in a sentence that nobody must miss; undefined for any other. */
export function explainOffline({ offline }: Plan): string | undefined {
  if (offline === undefined) return undefined;
  const { ref, commit } = offline;
  return `Offline plan: compares the definitions here with those of ${ref} (commit ${shortDigest(commit)}). The platform was not asked: drift, rotated secrets and anything else that only the platform knows are not included, and the plan after the merge may differ.`;
}

/** That a plan was made without the values of the secrets, and what it cannot tell; undefined for any other. */
export function explainWithheld({ withheld }: Pick<Plan, 'withheld'>): string | undefined {
  if (withheld === undefined) return undefined;
  const { values } = withheld;
  const what = values === 1 ? '1 value was' : `${values} values were`;
  return `Made without the values of the secrets: ${what} compared by the reference that the last apply remembered. A secret that was rotated where it is stored is not among the changes; apply sends it.`;
}

/** What a plan leaves out, so that nobody takes it for the whole environment; undefined when it leaves nothing out. */
export function explainSelection({
  only,
  exclude,
  shard,
}: Pick<Plan, 'only' | 'exclude' | 'shard'>): string | undefined {
  const parts = [
    ...(shard === undefined ? [] : [`shard ${shard}`]),
    ...(only === undefined ? [] : [`only ${only.join(', ')}`]),
    ...(exclude === undefined ? [] : [`without ${exclude.join(', ')}`]),
  ];
  return parts.length === 0 ? undefined : `Part of the environment: ${parts.join('; ')}.`;
}

/** The one line that says that nothing is to do. */
export function renderNoChanges({ summary: { unchanged }, changes, offline, shard }: Plan): string {
  if (offline !== undefined) return `No changes. ${countDefinitions(unchanged)} the same as at the base.`;
  if (unchanged === 0 && shard !== undefined) return 'No changes. Nothing falls into this shard.';
  if (unchanged === 0) return 'No changes. There are no definitions and no instances.';
  const where = changes.some(isInDoubt) ? ', as far as it can be compared' : '';
  return unchanged === 1
    ? `No changes. 1 instance matches its definition${where}.`
    : `No changes. ${unchanged} instances match their definitions${where}.`;
}

function countDefinitions(count: number): string {
  return count === 1 ? '1 definition is' : `${count} definitions are`;
}

/** Whether apply would send anything. */
export function hasWork(plan: Counted): boolean {
  const refused = plan.changes.filter(isRefusedReplace).length;
  return doing.some((action) => countDone(plan, action) > (action === 'replace' ? refused : 0));
}
