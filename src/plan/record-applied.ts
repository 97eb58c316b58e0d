import type { DesiredInstance } from '../model/desired.ts';
import type { Fingerprinter, HashScope } from '../model/hashing.ts';
import type { AppliedEntry, AppliedVector, OwnedInstance } from '../model/live.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { type ComparedField, type Comparison } from './diff-instance.ts';
import { listKnownKeys } from './find-removed.ts';
import type { JudgedField, PastEntry, WrittenAnswer } from './judge-written.ts';
import { type Field, listFields } from './list-fields.ts';
import { type KnownMemory, leftPointerOf, protectPointer, readPast, unknownValue, wasApplied } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

export interface RecordOptions {
  readonly context: PlanContext;
  /** True: the tags are written again in any case. */
  readonly isWritten?: boolean | undefined;
}

/**
 * Completes the memory with what the platform made of the values, so that the next plan is empty whatever it did to them.
 * A value that was sent and came back spelt otherwise gets the hash of what came back as its `echo`. One that was not sent never does:
 * what is shown there is what somebody else wrote meanwhile, and the next plan must say so. Nor does one that was not taken or is lost:
 * for it the memory says what it said before the write, so that it stays in the plan.
 * Answers the vector that was written itself when nothing is to be added: then the tags need not be written again. The vector of a create is always
 * written again: only now the id is known that it is bound to.
 * @param judged what `judgeWritten` made of the same
 * @param about the write, with the vector that was written with it; everything was written when there is no `update`
 */
export function recordApplied(
  judged: readonly JudgedField[],
  { desired: { key }, answered: { id }, written: { applied } }: WrittenAnswer,
  { context, isWritten = false }: RecordOptions,
): AppliedVector {
  const memory: BoundMemory = { scope: { key, id }, fingerprinter: context.fingerprinter, hashes: new Map() };
  const amend = (vector: AppliedVector): AppliedVector => {
    const entries = new Map(vector.entries);
    for (const one of judged) amendEntry(entries, one, memory);
    return isEqualMemory(entries, vector.entries) ? vector : { ...vector, entries };
  };
  const isBound = applied.instance !== undefined;
  if (!isWritten && isBound && amend(applied) === applied) return applied;
  return amend(bindVector(applied, judged, memory));
}

/** What the entries of one instance are hashed with, and the hashes so far: most are asked for twice. */
interface BoundMemory {
  readonly scope: HashScope;
  readonly fingerprinter: Fingerprinter;
  readonly hashes: Map<Pointer, WantedHashes>;
}

function hashOnce({ desired, pointer }: Field, { scope, fingerprinter, hashes }: BoundMemory): WantedHashes {
  const known = hashes.get(pointer) ?? hashWanted(desired, pointer, scope, fingerprinter);
  hashes.set(pointer, known);
  return known;
}

/** The vector of a create, as it reads when the id of its instance is known. Everything in it is as it was sent. */
function bindVector(vector: AppliedVector, judged: readonly JudgedField[], memory: BoundMemory): AppliedVector {
  if (vector.instance !== undefined) return vector;
  const { fingerprinter, scope } = memory;
  const entries = judged.flatMap(({ field }) => {
    const name = fingerprinter.name(field.pointer);
    const entry = vector.entries.get(name);
    if (entry === undefined || entry.value === unknownValue) return [];
    return [[name, { ...entry, ...hashOnce(field, memory) }] as const];
  });
  return { ...vector, instance: fingerprinter.instance(scope.id), entries: new Map([...vector.entries, ...entries]) };
}

function amendEntry(entries: Map<string, AppliedEntry>, one: JudgedField, memory: BoundMemory): void {
  const { fingerprinter, scope } = memory;
  const { field, fate, past } = one;
  const { pointer, live } = field;
  const name = fingerprinter.name(pointer);
  const before = entries.get(name);
  const hash = (value: Field['desired']): string => fingerprinter.value(scope, pointer, value);
  // Whether an instance is on is a fact and no spelling: an echo would hide that it did not come on.
  if (pointer === '/enabled' || pointer === protectPointer) return;
  if (fate === 'not-taken' || fate === 'lost' || fate === 'tags-lost') {
    const isSecret = before?.secret === true || past?.secret === true;
    entries.delete(name);
    const restored = restore(past, one, {
      value: hash,
      reference: (secret) => fingerprinter.reference(scope, pointer, secret),
    });
    if (restored !== undefined) {
      entries.set(name, { ...restored, secret: isSecret ? true : undefined });
    } else if (isSecret) {
      entries.set(fingerprinter.name(leftPointerOf(pointer)), hiddenEntry);
    }
    return;
  }
  if (before === undefined || live === undefined) return;
  if (fate === 'taken') entries.set(name, toSentEntry(field, hashOnce(field, memory)));
  const isOurs = fate === 'spelt' || fate === 'unrelated';
  // It was not sent, now or ever, so what is shown is somebody else's value.
  if (isOurs && wasApplied(before))
    entries.set(name, { ...before, value: hashOnce(field, memory).value, echo: hash(live) });
}

/**
 * What is remembered of a value that was not taken: the same as before the write, as long as the next plan still finds a difference
 * with it. Undefined where it would not, or where nobody can tell the value any more that was hashed for something else: without any
 * memory of a declared field there always is a difference.
 */
function restore(
  past: PastEntry | undefined,
  { field: { live, desired }, fate }: JudgedField,
  hash: Hashes,
): AppliedEntry | undefined {
  if (past === undefined || past.value === unknownValue || fate === 'lost') return undefined;
  if (live === undefined && past.value === past.hash(desired)) return undefined;
  const known = live === undefined ? [desired] : [live, desired];
  const rehash = (old: string): string | undefined => {
    const value = known.find((one) => past.hash(one) === old);
    return value === undefined ? undefined : hash.value(value);
  };
  const { value, echo, assumed, secret, composed, reference } = past;
  const isBoundAlike = past.hash(desired) === hash.value(desired);
  if (isBoundAlike) return { value, echo, assumed, secret, composed, reference };
  const [newValue, newEcho] = [rehash(value), echo === undefined ? undefined : rehash(echo)];
  if (newValue === undefined || (echo !== undefined && newEcho === undefined)) return undefined;
  const isSameReference = desired instanceof Secret && past.hashReference(desired) === reference;
  const newReference = isSameReference ? hash.reference(desired) : undefined;
  return { value: newValue, echo: newEcho, assumed, secret, composed, reference: newReference };
}

/** Hashes a value, and what stands in its place, as the entries of one vector are. */
interface Hashes {
  readonly value: (value: Field['desired']) => string;
  readonly reference: (secret: Secret) => string;
}

function isEqualMemory(a: AppliedVector['entries'], b: AppliedVector['entries']): boolean {
  return a.size === b.size && [...a].every(([name, entry]) => isEqualEntry(entry, b.get(name)));
}

function isEqualEntry(a: AppliedEntry, b: AppliedEntry | undefined): boolean {
  if (a.value !== b?.value || a.echo !== b.echo || a.reference !== b.reference) return false;
  return a.assumed === b.assumed && a.secret === b.secret && a.composed === b.composed;
}

/**
 * What an instance will remember once the differences are written.
 * A value that is neither sent nor known to stand there is assumed to be what the definition says: a later change of it is noticed then.
 */
export function nextApplied(comparison: Comparison, context: PlanContext): AppliedVector {
  const { desired, live, memory } = comparison;
  const { fingerprinter, fingerprinters } = context;
  const scope: HashScope = { key: desired.key, id: live.id };
  const entries = listKept(comparison).map(
    (one) => [fingerprinter.name(one.field.pointer), entryOf(one, scope, context)] as const,
  );
  const former = memory.former.filter(({ check }) => !fingerprinters.has(check));
  return {
    check: fingerprinter.check,
    instance: fingerprinter.instance(live.id),
    entries: new Map([...listLeftSecrets(comparison, context), ...entries]),
    ...(former.length === 0 ? {} : { former }),
  };
}

/** Hashes of the names of all that `nextApplied` holds; asks for no value. */
export function nextNames(comparison: Comparison, context: PlanContext): ReadonlySet<string> {
  const left = listLeftSecrets(comparison, context).map(([name]) => name);
  return new Set([...left, ...listKept(comparison).map(({ field }) => context.fingerprinter.name(field.pointer))]);
}

/** Protection is remembered as long as it is wanted. */
function listKept({ compared, desired }: Comparison): readonly ComparedField[] {
  return compared.filter(({ field }) => field.pointer !== protectPointer || desired.protect);
}

function entryOf(
  { field, verdict, past }: ComparedField,
  scope: HashScope,
  { fingerprinter }: PlanContext,
): AppliedEntry {
  const sent = sentEntry(field, scope, fingerprinter);
  // Until the platform shows the new value, the secret before it may still stand there.
  const entry: AppliedEntry = past !== 'plain' && verdict !== 'equal' ? { ...sent, secret: true } : sent;
  if (verdict === 'unknown' || verdict === 'assumed') return { ...entry, assumed: true };
  if (verdict !== 'echoed' || field.live === undefined) return entry;
  return { ...entry, echo: fingerprinter.value(scope, field.pointer, field.live) };
}

/** Secrets that are declared no more and may still stand on the platform: a later value in clear must not show them. */
function listLeftSecrets(
  { memory, live, compared, removal }: Comparison,
  context: PlanContext,
): readonly (readonly [string, AppliedEntry])[] {
  if (memory.state !== 'known') return [];
  const name = (pointer: Pointer): string => context.fingerprinter.name(pointer);
  const declared = compared.flatMap(({ field: { pointer } }) => [pointer, leftPointerOf(pointer)]);
  const gone = [...removal.setBack.map(({ pointer }) => pointer), ...removal.left.map((key) => context.pointerOf(key))];
  const settled = new Set([...declared, ...gone].map(name));
  const left = gone
    .filter((pointer) => readPast(memory, pointer) === 'secret')
    .map((pointer) => [name(leftPointerOf(pointer)), hiddenEntry] as const);
  return [...listMarks(memory, live, context).filter(([hash]) => !settled.has(hash)), ...left];
}

/** Which values came from a secret, by names of the present key. Of a former key only names that the platform or the catalogue knows can be told. */
function listMarks(
  { entries, fingerprinter }: KnownMemory,
  live: OwnedInstance,
  context: PlanContext,
): readonly (readonly [string, AppliedEntry])[] {
  const marked = [...entries].filter(([, { secret }]) => secret === true);
  if (fingerprinter.check === context.fingerprinter.check) return marked;
  const hashes = new Set(marked.map(([hash]) => hash));
  return listKnownKeys(live, context)
    .map((key) => context.pointerOf(key))
    .filter((pointer) => [pointer, leftPointerOf(pointer)].some((one) => hashes.has(fingerprinter.name(one))))
    .map((pointer) => [context.fingerprinter.name(leftPointerOf(pointer)), hiddenEntry] as const);
}

/**
 * What a new instance will remember: all that is sent and compared, and which of the rest came from a secret.
 * @param id of the instance, where it is known before the instance is there
 */
export function firstApplied(desired: DesiredInstance, context: PlanContext, id = ''): AppliedVector {
  const { fingerprinter } = context;
  const scope: HashScope = { key: desired.key, id };
  const sent = listFields(desired, undefined, context).map(
    (field) => [fingerprinter.name(field.pointer), sentEntry(field, scope, fingerprinter)] as const,
  );
  const ignored = [...desired.configuration]
    .filter(([key, value]) => desired.ignore.has(key) && value instanceof Secret)
    .map(([key]) => [fingerprinter.name(leftPointerOf(context.pointerOf(key))), hiddenEntry] as const);
  const instance = id === '' ? undefined : fingerprinter.instance(id);
  return { check: fingerprinter.check, instance, entries: new Map([...sent, ...ignored]) };
}

/** Where a secret may still stand, of which nothing else is known. */
const hiddenEntry: AppliedEntry = { value: unknownValue, secret: true };

/** What is remembered of a value that was sent, or is as good as sent. */
function sentEntry(field: Field, scope: HashScope, fingerprinter: Fingerprinter): AppliedEntry {
  return toSentEntry(field, hashWanted(field.desired, field.pointer, scope, fingerprinter));
}

function toSentEntry({ desired }: Field, hashes: WantedHashes): AppliedEntry {
  if (!(desired instanceof Secret)) return hashes;
  return { ...hashes, secret: true, ...(desired.isComposed ? { composed: true } : {}) };
}

type WantedHashes = Pick<AppliedEntry, 'value' | 'reference'>;

function hashWanted(
  desired: Field['desired'],
  pointer: Pointer,
  scope: HashScope,
  fingerprinter: Fingerprinter,
): WantedHashes {
  const value = fingerprinter.value(scope, pointer, desired);
  if (!(desired instanceof Secret)) return { value };
  return { value, reference: fingerprinter.reference(scope, pointer, desired) };
}
