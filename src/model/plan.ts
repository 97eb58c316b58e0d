import { isDuplicateKey } from './derived-key.ts';
import type { Json } from './json.ts';
import type { FieldMeaning, Note, OfflineRemark, Reason, Risk } from './plan-codes.ts';
import type { Pointer } from './position.ts';

export const actions = [
  'conflict',
  'delete',
  'replace',
  'create',
  'authorize',
  'adopt',
  'move',
  'update',
  'orphan',
  'unchanged',
] as const;

/** What a plan says about one instance (design §5). In the order in which a reviewer wants to see them. */
export type Action = (typeof actions)[number];

/** Who moved: the definition, the platform, both, a secret of ours that was rotated, or a key that left the definition. */
export type Cause = 'definition' | 'drift' | 'conflict' | 'secret' | 'removed';

/** One field that differs. Masked when it is made, never when it is shown. */
export interface FieldChange {
  /** Pointer into the definition: `/name`, `/tags`, `/enabled`, `/protect`, `/connector`, `/configuration/<key>`. */
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
  readonly source?: { readonly file: string; readonly line: number };
  readonly fields: readonly FieldChange[];
  readonly risks: readonly Risk[];
  readonly notes: readonly Note[];
  /** Why it waits or stops: for authorize, conflict, orphan, replace. */
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

/** What apply would do. Deterministic: equal inputs give equal bytes. */
export interface Plan {
  readonly formatVersion: '1.0';
  readonly toolVersion: string;
  readonly workspace: string;
  readonly environment: string;
  readonly target: Target;
  readonly commit?: string;
  /** Present: the platform was not asked, and no apply takes this plan for a reviewed one. */
  readonly offline?: OfflineBase;
  /** Keys that were asked for; absent when everything was planned. */
  readonly only?: readonly string[];
  /** Keys whose values are sent again where nothing can tell whether they differ; absent when that was not asked for. */
  readonly resend?: readonly string[];
  /** Ids that were named as duplicates to delete; absent when none was. */
  readonly deleteDuplicate?: readonly string[];
  /** How many instances have each action. */
  readonly summary: Readonly<Record<Action, number>>;
  /** Sorted by action, then key. `unchanged` ones stand here only when there is something to say about them. */
  readonly changes: readonly Change[];
  /** SHA-256 over all that matters, hex. */
  readonly digest: string;
}

/** Whether it is a replace that nobody allowed: a reason on it says why it stops. */
export function isRefusedReplace({ action, reason }: Change): boolean {
  return action === 'replace' && reason !== undefined;
}

/** Whether it is a replace that was asked for. */
export function isAllowedReplace({ action, reason }: Change): boolean {
  return action === 'replace' && reason === undefined;
}

/** Whether the plan deletes an instance because its definition is gone. */
export function isPruning({ changes }: Pick<Plan, 'changes'>): boolean {
  return changes.some(({ action, key }) => action === 'delete' && !isDuplicateKey(key));
}

const harms: ReadonlySet<Note['code']> = new Set(['disabled', 'invalid', 'gone', 'no-key-tag', 'ambiguous-owner']);

/** Whether an instance is in a state that hurts although no value differs: it is gone, or off, or nobody can tell whose it is. */
export function isHarmed({ notes }: Pick<Change, 'notes'>): boolean {
  return notes.some(({ code }) => harms.has(code));
}

/** Whether a change of a plan of drift is drift, and not merely worth knowing. */
export function isDrifted(change: Change): boolean {
  return change.action === 'conflict' || change.fields.length > 0 || isHarmed(change);
}
