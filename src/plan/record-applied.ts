import { isSame } from '../model/canonical-value.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { HashScope } from '../model/hashing.ts';
import type { AppliedEntry, AppliedVector, LiveInstance, OwnedInstance } from '../model/live.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import { type ComparedField, type Comparison, listKnownKeys } from './diff-instance.ts';
import { type Field, listFields } from './list-fields.ts';
import { type KnownMemory, leftPointerOf, protectPointer, readPast, unknownValue } from './memory.ts';
import { type PlanContext, type PlanTools, createContext } from './plan-context.ts';

/**
 * Completes the memory with what the platform made of the values, so that the next plan is empty whatever it did to them.
 * A value that was sent and came back different gets the hash of what came back as its `echo`. One that was not sent never does:
 * what is shown there is what somebody else wrote meanwhile, and the next plan must say so.
 * Answers the vector that was written itself when nothing is to be added: then the tags need not be written again. Otherwise the answer is
 * bound to the instance, which the vector of a create is not.
 * @param answered the full instance as the platform answered the create or update
 * @param written the vector that was written with it, and what else was; everything when there is no `update`
 * @param tools `isWritten`: the tags are written again in any case
 */
export function recordApplied(
  desired: DesiredInstance,
  answered: LiveInstance,
  written: Pick<WorkItem, 'applied' | 'update'>,
  { isWritten = false, ...tools }: PlanTools & { readonly isWritten?: boolean | undefined },
): AppliedVector {
  const context = createContext(tools);
  const fields = listFields(desired, answered, context);
  const options = { desired, answered, update: written.update, context };
  const { applied } = written;
  if (!isWritten && amendEntries(applied, fields, options).length === 0) return applied;
  const bound = bindVector(applied, fields, options);
  return { ...bound, entries: new Map([...bound.entries, ...amendEntries(bound, fields, options)]) };
}

interface RecordOptions {
  readonly desired: DesiredInstance;
  readonly answered: LiveInstance;
  readonly update: WorkItem['update'];
  readonly context: PlanContext;
}

/** The entries that the answer makes other ones. */
function amendEntries(
  vector: AppliedVector,
  fields: readonly Field[],
  { desired, answered, update, context: { fingerprinter } }: RecordOptions,
): readonly (readonly [string, AppliedEntry])[] {
  const scope: HashScope = { key: desired.key, id: vector.instance === undefined ? '' : answered.id };
  return fields.flatMap((field) => {
    const name = fingerprinter.name(field.pointer);
    const before = vector.entries.get(name);
    const hash: Hash = (value) => fingerprinter.value(scope, field.pointer, value);
    const entry = before && amendEntry(field, before, { hash, isSent: isSent(field, update) });
    return entry === undefined || isEqualEntry(entry, before) ? [] : [[name, entry] as const];
  });
}

/** The vector of a create, as it reads when the id of its instance is known. Everything in it is as it was sent. */
function bindVector(
  vector: AppliedVector,
  fields: readonly Field[],
  { desired, answered: { id }, context: { fingerprinter } }: RecordOptions,
): AppliedVector {
  if (vector.instance !== undefined) return vector;
  const entries = fields.flatMap(({ pointer, desired: value }) => {
    const name = fingerprinter.name(pointer);
    const entry = vector.entries.get(name);
    if (entry === undefined || entry.value === unknownValue) return [];
    return [[name, { ...entry, value: fingerprinter.value({ key: desired.key, id }, pointer, value) }] as const];
  });
  return { ...vector, instance: fingerprinter.instance(id), entries: new Map([...vector.entries, ...entries]) };
}

type Hash = (value: Field['desired']) => string;

/** Tags are part of every write. */
function isSent({ pointer, key }: Field, update: WorkItem['update']): boolean {
  if (update === undefined || pointer === '/tags') return true;
  if (key !== undefined) return update.configuration?.has(key) ?? false;
  return pointer === '/name' && update.name !== undefined;
}

function amendEntry(
  field: Field,
  before: AppliedEntry,
  { hash, isSent: wasSent }: { readonly hash: Hash; readonly isSent: boolean },
): AppliedEntry {
  const { pointer, desired, live } = field;
  // Whether an instance is on is a fact and no spelling: an echo would hide that it did not come on.
  if (live === undefined || pointer === '/enabled') return before;
  if (isSame(desired, live)) return appliedEntry(hash(desired), desired instanceof Secret);
  // It was not sent, now or ever, so what is shown is somebody else's value.
  if (!wasSent || before.value === unknownValue || before.assumed === true) return before;
  return { ...before, value: hash(desired), echo: hash(live) };
}

function isEqualEntry(a: AppliedEntry, b: AppliedEntry | undefined): boolean {
  return a.value === b?.value && a.echo === b.echo && a.assumed === b.assumed && a.secret === b.secret;
}

/**
 * What an instance will remember once the differences are written.
 * A value that is neither sent nor known to stand there is assumed to be what the definition says: a later change of it is noticed then.
 */
export function nextApplied(comparison: Comparison, context: PlanContext): AppliedVector {
  const { desired, live, memory, compared } = comparison;
  const { fingerprinter, fingerprinters } = context;
  const scope: HashScope = { key: desired.key, id: live.id };
  const entries = compared
    .filter(({ field }) => field.pointer !== protectPointer || desired.protect)
    .map((one) => [fingerprinter.name(one.field.pointer), entryOf(one, scope, context)] as const);
  const former = memory.former.filter(({ check }) => !fingerprinters.has(check));
  return {
    check: fingerprinter.check,
    instance: fingerprinter.instance(live.id),
    entries: new Map([...listLeftSecrets(comparison, context), ...entries]),
    ...(former.length === 0 ? {} : { former }),
  };
}

function entryOf(
  { field, verdict, past }: ComparedField,
  scope: HashScope,
  { fingerprinter }: PlanContext,
): AppliedEntry {
  // Until the platform shows the new value, the secret before it may still stand there.
  const secret = field.desired instanceof Secret || (past !== 'plain' && verdict !== 'equal');
  const entry = appliedEntry(fingerprinter.value(scope, field.pointer, field.desired), secret);
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
  const settled = new Set([...declared, ...removal.setBack.map(({ pointer }) => pointer)].map(name));
  const left = removal.setBack
    .filter(({ pointer }) => readPast(memory, pointer) === 'secret')
    .map(({ pointer }) => [name(leftPointerOf(pointer)), appliedEntry(unknownValue, true)] as const);
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
    .map((pointer) => [context.fingerprinter.name(leftPointerOf(pointer)), appliedEntry(unknownValue, true)] as const);
}

/** What a new instance will remember: all that is sent and compared, and which of the rest came from a secret. */
export function firstApplied(desired: DesiredInstance, context: PlanContext): AppliedVector {
  const { fingerprinter } = context;
  const scope: HashScope = { key: desired.key, id: '' };
  const sent = listFields(desired, undefined, context).map(
    ({ pointer, desired: value }) =>
      [
        fingerprinter.name(pointer),
        appliedEntry(fingerprinter.value(scope, pointer, value), value instanceof Secret),
      ] as const,
  );
  const ignored = [...desired.configuration]
    .filter(([key, value]) => desired.ignore.has(key) && value instanceof Secret)
    .map(
      ([key]) => [fingerprinter.name(leftPointerOf(context.pointerOf(key))), appliedEntry(unknownValue, true)] as const,
    );
  return { check: fingerprinter.check, entries: new Map([...sent, ...ignored]) };
}

function appliedEntry(value: string, secret: boolean): AppliedEntry {
  return secret ? { value, secret } : { value };
}
