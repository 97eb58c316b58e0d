import { compareText } from './compare-text.ts';
import { isDuplicateKey } from './derived-key.ts';
import type { Json } from './json.ts';
import type { FieldMeaning, Note, OfflineRemark, Reason, Risk } from './plan-codes.ts';
import type { Pointer } from './position.ts';

export const actions = [
  'conflict',
  'blocked',
  'delete',
  'replace',
  'create',
  'authorize',
  'reauthorize',
  'adopt',
  'move',
  'update',
  'remember',
  'orphan',
  'unchanged',
] as const;

/** What a plan says about one instance (design §5). In the order in which a reviewer wants to see them. */
export type Action = (typeof actions)[number];

/** Who moved: the definition, the platform, both, a secret of ours that was rotated, or a key that left the definition. */
export type Cause = 'definition' | 'drift' | 'conflict' | 'secret' | 'removed';

/** One field that differs. Masked when it is made, never when it is shown. */
export interface FieldChange {
  /** Pointer into the definition: `/name`, `/tags`, `/enabled`, `/protect`, `/connector`, `/configuration/<key>`, `/providerData/<key>`. */
  readonly field: Pointer;
  readonly cause: Cause;
  /** True: neither value stands here. */
  readonly secret: boolean;
  readonly before?: Json;
  readonly after?: Json;
  /** What the change means, where that is known: another poll interval. */
  readonly meaning?: FieldMeaning;
  /** 1-based line in the definition's file. */
  readonly line?: number;
}

/** What will happen, or not, to one instance. Plain data without any secret. */
export interface Change {
  readonly key: string;
  readonly action: Action;
  readonly connector: string;
  readonly name: string;
  readonly id?: string;
  /** Key under which the instance was known before a move. */
  readonly previousKey?: string;
  /** Name of the environment that its tags carry, when that was renamed. */
  readonly previousEnvironment?: string;
  readonly source?: { readonly file: string; readonly line: number };
  readonly fields: readonly FieldChange[];
  readonly risks: readonly Risk[];
  readonly notes: readonly Note[];
  /** Why it waits or stops: for authorize, reauthorize, conflict, orphan, replace. */
  readonly reason?: Reason;
  /** SHA-256 over all that matters about this change, hex: what is wanted, what was observed, what will be done, and why not. */
  readonly digest: string;
}

export interface Target {
  /** Base URL without credentials. */
  readonly baseUrl: string;
  /** Organisation or account that the credentials belong to, when the platform says so. */
  readonly account?: string;
}

/** What an offline plan was compared with in place of the platform: the definitions of another commit. */
export interface OfflineBase {
  /** As it was asked for: `origin/main`. */
  readonly ref: string;
  /** Commit whose definitions were read: where HEAD and the ref parted, else the ref's own. */
  readonly commit: string;
  /** What a reader must know before the changes: settings that changed, definitions that could not be read. */
  readonly remarks: readonly OfflineRemark[];
}

/** What a plan was narrowed down to, as it was given: keys, patterns and ids, each absent where nothing was asked for. */
export interface SelectedNames {
  /** Keys and patterns: other definitions are not planned, and no orphans are looked for. */
  readonly only?: readonly string[];
  /** Keys and patterns of what is left alone: no such definition is planned, and no instance with such a key changes or is an orphan. */
  readonly exclude?: readonly string[];
  /** Keys whose values are sent again where nothing can tell whether they differ; none: those of all definitions that were only assumed. */
  readonly resend?: readonly string[];
  /** Ids of duplicates to delete. */
  readonly deleteDuplicate?: readonly string[];
}

/** That a plan was made without the values of the secrets. */
export interface WithheldValues {
  /** How many values of the definitions refer to secrets, and were compared by that reference alone. */
  readonly values: number;
}

/**
 * All that a person may say about what a plan is made of. It is handed on whole, from the command line and the inputs of the Action
 * to `buildPlan`; the plan, its file and the command that makes it again know of every option by `namesOf` and `selectionOf`.
 */
export type PlanSelection = {
  readonly [Name in keyof SelectedNames]?: SelectedNames[Name] | undefined;
} & {
  /** Whether instances are deleted whose definition is gone; as the environment says when undefined. */
  readonly prune?: boolean | undefined;
  /** Whether an instance may be replaced when its connector changes. */
  readonly allowReplace?: boolean | undefined;
  /** The one part that is planned, such as `2/8`; see `parseShard`. */
  readonly shard?: string | undefined;
};

/** An answer for every option, so that the compiler finds where one was forgotten. */
export type WholeSelection = { readonly [Option in keyof PlanSelection]-?: PlanSelection[Option] };

/** What apply would do. Deterministic: equal inputs give equal bytes. */
export interface Plan extends SelectedNames {
  readonly formatVersion: '1.0';
  /** The one part of the environment that it is about, such as `2/8`. */
  readonly shard?: string;
  readonly toolVersion: string;
  readonly workspace: string;
  readonly environment: string;
  readonly target: Target;
  readonly commit?: string;
  /** Present: the platform was not asked, and no apply takes this plan for a reviewed one. */
  readonly offline?: OfflineBase;
  /** Present: no apply takes this plan for work. What it shows is compared by review with the same plan, made again. */
  readonly withheld?: WithheldValues;
  /** How many instances have each action. */
  readonly summary: Readonly<Record<Action, number>>;
  /** Sorted by action, then key. `unchanged` ones stand here only when there is something to say about them. */
  readonly changes: readonly Change[];
  /** SHA-256 over all that matters, hex. */
  readonly digest: string;
}

/** An instance that is as its definition says. It stands in no plan, and whoever reads one may need its id. */
export interface UnchangedInstance {
  readonly key: string;
  readonly connector: string;
  readonly name: string;
  readonly id: string;
}

/** Whether it is a replace that nobody allowed: a reason on it says why it stops. */
export function isRefusedReplace({ action, reason }: Pick<Change, 'action' | 'reason'>): boolean {
  return action === 'replace' && reason !== undefined;
}

/** Whether a value that is not set keeps it from being compared. */
export function isBlocked({ action }: Pick<Change, 'action'>): boolean {
  return action === 'blocked';
}

/** Whether nothing of it is sent before a person has logged in at the provider: a new instance, or one whose login has to be given again. */
export function isWaiting({ action, reason }: Pick<Change, 'action' | 'reason'>): boolean {
  return action === 'authorize' || (action === 'reauthorize' && reason !== undefined);
}

/** Whether it is a replace that was asked for. */
function isAllowedReplace({ action, reason }: Change): boolean {
  return action === 'replace' && reason === undefined;
}

/** Whether the plan deletes an instance because its definition is gone. */
function isPruning({ changes }: Pick<Plan, 'changes'>): boolean {
  return changes.some(({ action, key }) => action === 'delete' && !isDuplicateKey(key));
}

/** The selection that makes this very plan again. Switches count only where the plan uses them, whoever turned them on. */
export function selectionOf(plan: SelectedNames & Pick<Plan, 'changes' | 'shard'>): WholeSelection {
  const { only, exclude, resend, deleteDuplicate, shard } = plan;
  const allowReplace = plan.changes.some(isAllowedReplace);
  return { prune: isPruning(plan), allowReplace, only, exclude, resend, deleteDuplicate, shard };
}

const listOptions: { readonly [Name in keyof SelectedNames]-?: Name } = {
  only: 'only',
  exclude: 'exclude',
  resend: 'resend',
  deleteDuplicate: 'deleteDuplicate',
};

/** The options of a selection that are lists. */
export const namedOptions = Object.values(listOptions);

/** What of a selection stands in its plan: sorted, so that the order of the words on a command line does not matter. */
export function namesOf(selection: PlanSelection): SelectedNames {
  const given = namedOptions.flatMap((option) => {
    const names = selection[option];
    return names === undefined ? [] : [[option, names.toSorted(compareText)] as const];
  });
  return Object.fromEntries(given);
}

/** Whether parts of the environment were left out, so that the plan can't tell that all is well. */
export function isPartial({ only, exclude, shard }: PlanSelection): boolean {
  return only !== undefined || exclude !== undefined || shard !== undefined;
}

const harms: ReadonlySet<Note['code']> = new Set([
  'disabled',
  'invalid',
  'polling-stopped',
  'subscription-inactive',
  'subscription-left',
  'ping-failed',
  'gone',
  'not-adopted',
  'no-key-tag',
  'ambiguous-owner',
]);

/** Whether an instance is in a state that hurts although no value differs: it is gone, or without our tags, or off, or nobody can tell whose it is. */
export function isHarmed({ notes }: Pick<Change, 'notes'>): boolean {
  return notes.some(({ code }) => harms.has(code));
}

/** Whether a change of a plan of drift is drift, and not merely worth knowing. */
export function isDrifted(change: Change): boolean {
  return change.action === 'conflict' || change.fields.length > 0 || isHarmed(change);
}
