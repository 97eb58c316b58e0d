import { isSame, stripHtml } from '../model/canonical-value.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { HashScope } from '../model/hashing.ts';
import type { AppliedEntry, LiveInstance, OwnedInstance } from '../model/live.ts';
import type { WrittenInstance } from '../model/platform.ts';
import type { Pointer } from '../model/position.ts';
import { isRespelling } from '../model/respelling.ts';
import type { Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import { userTagsOf } from '../tags/owner-tags.ts';
import { type Field, listFields } from './list-fields.ts';
import { protectPointer, readOwnMemory, unknownValue } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** What was written, and what stood there before. */
export interface WrittenWork extends Pick<WorkItem, 'applied'> {
  /** Absent: everything was sent. */
  readonly update?: WorkItem['update'] | undefined;
  readonly userTags?: readonly string[] | undefined;
  /** Present when the instance was made, or was switched on or off. */
  readonly isSwitched?: boolean | undefined;
  /** The instance as the plan saw it; absent when it was created. */
  readonly before?: OwnedInstance | undefined;
}

/**
 * What became of one field that was declared.
 * `unseen`: nothing shows it. `kept`: it was not sent, and something else stands there. `spelt`: what the platform makes of our value.
 * `unrelated`: another value, which has nothing to do with ours. `not-taken`: what stood there before, or the platform said so.
 * `lost`: it was shown before the write and is gone. `tags-lost`: some of the user's tags are.
 * `altered`: it was not sent, and is another value than before the write, perhaps the connector's own one.
 */
export type Fate = 'taken' | 'unseen' | 'kept' | 'spelt' | 'unrelated' | 'not-taken' | 'lost' | 'altered' | 'tags-lost';

/** A field with what became of it. */
export interface JudgedField {
  readonly field: Field;
  readonly fate: Fate;
  /** What the instance remembered of it before the write; undefined when nothing that can be compared. */
  readonly past: PastEntry | undefined;
}

/** An entry from before a write, which may have been hashed with another key, or before the instance had an id. */
export interface PastEntry extends AppliedEntry {
  /** Hashes a value as the entry was. */
  readonly hash: (value: Field['desired']) => string;
  readonly hashReference: (secret: Secret) => string;
}

/** Keys of the configuration, or pointers such as `/name`, of what is not as it was sent. */
export interface WriteFindings {
  readonly notTaken: readonly string[];
  readonly lost: readonly string[];
  readonly unrelated: readonly string[];
  /** Tags of the user that the instance should carry and does not. */
  readonly lostTags: readonly string[];
}

/**
 * Holds what the platform shows after a write against what was sent and what stood there before: "different" has more causes than spelling,
 * and only spelling may be remembered as equal.
 * @param judged what `judgeWritten` made of the same
 */
export function findWriteFaults(
  judged: readonly JudgedField[],
  { desired, answered, written }: WrittenAnswer,
): WriteFindings {
  const listOf = (fate: Fate): readonly string[] =>
    judged.filter((one) => one.fate === fate).map(({ field }) => field.key ?? field.pointer);
  const ignored = listIgnored(desired).filter((key) => isGone(key, answered, written.before));
  const isTagsKnown = judged.some(({ field, fate }) => field.pointer === '/tags' && fate === 'spelt');
  return {
    notTaken: listOf('not-taken'),
    lost: [...listOf('lost'), ...listOf('altered'), ...ignored],
    unrelated: listOf('unrelated'),
    lostTags: isTagsKnown ? [] : listLostTags(written.userTags ?? [], answered),
  };
}

/** A write, and what the platform shows after it. */
export interface WrittenAnswer {
  readonly desired: DesiredInstance;
  /** The full instance as a read or the answer to the write shows it. */
  readonly answered: WrittenInstance;
  readonly written: WrittenWork;
}

/** Every declared field, and every key that was set back because it is declared no more. */
export function judgeWritten(
  { desired, answered, written }: WrittenAnswer,
  context: PlanContext,
): readonly JudgedField[] {
  const setBack = [...(written.update?.configuration ?? [])].filter(([key]) => !desired.configuration.has(key));
  const wanted = { ...desired, configuration: new Map([...desired.configuration, ...setBack]) };
  const before = written.before === undefined ? [] : listFields(wanted, written.before, context);
  const former = new Map(before.map((field) => [field.pointer, field.live]));
  const pastOf = readPastEntries(desired, written.before, context);
  const scope: HashScope = { key: desired.key, id: written.applied.instance === undefined ? '' : answered.id };
  return listFields(wanted, answered, context).map((field) => {
    const name = context.fingerprinter.name(field.pointer);
    const one = {
      field,
      former: former.get(field.pointer),
      past: pastOf(field.pointer),
      entry: written.applied.entries.get(name),
    };
    return { field, past: one.past, fate: judgeField(one, answered, { scope, written, context }) };
  });
}

/** Hashes are bound to the key: what was remembered under another one cannot be compared. */
function readPastEntries(
  { key }: DesiredInstance,
  before: OwnedInstance | undefined,
  context: PlanContext,
): (pointer: Pointer) => PastEntry | undefined {
  const memory = before && readOwnMemory(before, context);
  if (memory?.state !== 'known' || memory.scope.key !== key) return () => undefined;
  const { entries, fingerprinter, scope } = memory;
  return (pointer) => {
    const entry = entries.get(fingerprinter.name(pointer));
    if (entry === undefined) return undefined;
    return {
      ...entry,
      hash: (value) => fingerprinter.value(scope, pointer, value),
      hashReference: (secret) => fingerprinter.reference(scope, pointer, secret),
    };
  };
}

interface JudgeContext {
  /** What the hashes of the written vector are bound to. */
  readonly scope: HashScope;
  readonly written: WrittenWork;
  readonly context: PlanContext;
}

interface OneField {
  readonly field: Field;
  /** The live value before the write. */
  readonly former: Field['live'];
  readonly past: PastEntry | undefined;
  readonly entry: AppliedEntry | undefined;
}

function judgeField(one: OneField, answered: WrittenInstance, options: JudgeContext): Fate {
  const { scope, written, context } = options;
  const { pointer, key, live, desired: wanted } = one.field;
  if (pointer === protectPointer) return 'taken';
  if (pointer === '/enabled') return judgeSwitch(one.field, written);
  const isEmpty = isSame(wanted, '');
  if (key !== undefined && !isEmpty && isGone(key, answered, written.before)) return 'lost';
  if (live === undefined) {
    return !isEmpty && isSent(one.field, written.update) && answered.elementsError !== undefined
      ? 'not-taken'
      : 'unseen';
  }
  if (isSame(wanted, live)) return 'taken';
  if (!isSent(one.field, written.update)) return isAltered(one, live) ? 'altered' : 'kept';

  if (one.entry?.echo === context.fingerprinter.value(scope, pointer, live)) return 'spelt';
  const isAlike = isRespelling(wanted, live);
  if (pointer === '/tags') return judgeTags(one, answered, written);
  // The platform may have made the same of our new value as of the one before it, where it is known to spell it its own way.
  const mayBeSpelt = isAlike && isSpeltBefore(one.past, wanted, live);
  if (one.former !== undefined && isSame(one.former, live) && !mayBeSpelt) return 'not-taken';
  return isAlike || one.field.sentOnce === true ? 'spelt' : 'unrelated';
}

/**
 * Whether what stood there before may have been the platform's own form of the value before. It may be when the same value was sent
 * before: an apply that was killed before it read anything back remembers no form.
 */
function isSpeltBefore(
  past: PastEntry | undefined,
  wanted: Field['desired'],
  live: NonNullable<Field['live']>,
): boolean {
  if (past === undefined || past.value === unknownValue || past.echo === past.hash(live)) return true;
  return past.echo === undefined && past.value === past.hash(wanted);
}

/** Whether an instance is on is a fact and no spelling. It is switched after the write, so that only a later read tells. */
function judgeSwitch({ desired, live }: Field, { isSwitched }: WrittenWork): Fate {
  if (live === undefined || isSame(desired, live)) return 'taken';
  return isSwitched === true ? 'not-taken' : 'kept';
}

function judgeTags({ field: { live }, former }: OneField, answered: LiveInstance, written: WrittenWork): Fate {
  if (listLostTags(written.userTags ?? [], answered).length > 0) return 'tags-lost';
  const isAsBefore = former !== undefined && live !== undefined && isSame(former, live);
  const count = new Set((written.userTags ?? []).map(stripHtml)).size;
  // What should have gone is still there.
  return isAsBefore && new Set(userTagsOf(answered.tags)).size > count ? 'not-taken' : 'spelt';
}

/** Those that no tag of the instance spells in any way. */
function listLostTags(wanted: readonly string[], { tags }: LiveInstance): readonly string[] {
  const shown = new Set(userTagsOf(tags).map(stripHtml));
  const all = new Set(wanted.map(stripHtml));
  // What is shown word for word is no spelling of another one.
  const others = [...shown].filter((tag) => !all.has(tag));
  return [...all].filter((tag) => tag !== '' && !shown.has(tag) && !others.some((one) => isRespelling(tag, one)));
}

/** Whether a value that the write did not hold changed with it. What is only spelt otherwise, or changes by itself, does not count. */
function isAltered({ field, former }: OneField, live: NonNullable<Field['live']>): boolean {
  if (field.key === undefined || field.sentOnce === true || former === undefined) return false;
  return !isSame(former, live) && !isRespelling(former, live);
}

/** Whether the platform showed the key before the write, masked or not, and shows it no more. An answer without any configuration says nothing. */
function isGone(key: string, { configuration }: LiveInstance, before: OwnedInstance | undefined): boolean {
  if (configuration === undefined) return false;
  return (before?.configuration.get(key) ?? null) !== null && (configuration.get(key) ?? null) === null;
}

function listIgnored({ configuration, ignore }: DesiredInstance): readonly string[] {
  return [...configuration.keys()].filter((key) => ignore.has(key));
}

/** Whether the write held the field. Tags are part of every write; a create holds everything. */
export function isSent({ pointer, key }: Field, update: WorkItem['update']): boolean {
  if (update === undefined || pointer === '/tags') return true;
  if (key !== undefined) return update.configuration?.has(key) ?? false;
  return pointer === '/name' && update.name !== undefined;
}
