import { isSame } from '../model/canonical-value.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { AppliedEntry, AppliedVector, LiveInstance } from '../model/live.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import type { ComparedField, Comparison } from './diff-instance.ts';
import { type Field, listFields } from './list-fields.ts';
import { protectPointer, readPast, leftPointerOf, unknownValue } from './memory.ts';
import { type PlanContext, type PlanTools, createContext } from './plan-context.ts';

/**
 * Completes the memory with what the platform made of the values, so that the next plan is empty whatever it did to them.
 * A value that was sent and came back different gets the hash of what came back as its `echo`. One that was not sent never does:
 * what is shown there is what somebody else wrote meanwhile, and the next plan must say so.
 * Answers the vector that was written itself when nothing is to be added: then the tags need not be written again.
 * @param answered the full instance as the platform answered the create or update
 * @param written the vector that was written with it, and what else was; everything when there is no `update`
 */
export function recordApplied(
  desired: DesiredInstance,
  answered: LiveInstance,
  written: Pick<WorkItem, 'applied' | 'update'>,
  tools: PlanTools,
): AppliedVector {
  const context = createContext(tools);
  const { fingerprinter } = context;
  const { applied: previous } = written;
  const news = listFields(desired, answered, context).flatMap((field) => {
    const name = fingerprinter.name(field.pointer);
    const before = previous.entries.get(name);
    const hash: Hash = (value) => fingerprinter.value(desired.key, field.pointer, value);
    const entry = before && amendEntry(field, before, { hash, isSent: isSent(field, written.update) });
    return entry === undefined || isEqualEntry(entry, before) ? [] : [[name, entry] as const];
  });
  return news.length === 0 ? previous : { ...previous, entries: new Map([...previous.entries, ...news]) };
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
  if (!wasSent || before.value === unknownValue) return before;
  return { ...before, value: hash(desired), echo: hash(live) };
}

function isEqualEntry(a: AppliedEntry, b: AppliedEntry | undefined): boolean {
  return a.value === b?.value && a.echo === b.echo && a.secret === b.secret;
}

/**
 * What an instance will remember once the differences are written.
 * A value that is neither sent nor known to stand there is entered as unknown: it is declared, and nothing is claimed about it.
 */
export function nextApplied(comparison: Comparison, context: PlanContext): AppliedVector {
  const { desired, compared } = comparison;
  const { fingerprinter } = context;
  const entries = compared
    .filter(({ field }) => field.pointer !== protectPointer || desired.protect)
    .map((one) => [fingerprinter.name(one.field.pointer), entryOf(one, desired.key, context)] as const);
  return { check: fingerprinter.check, entries: new Map([...listLeftSecrets(comparison, context), ...entries]) };
}

function entryOf({ field, verdict, past }: ComparedField, scope: string, { fingerprinter }: PlanContext): AppliedEntry {
  // Until the platform shows the new value, the secret before it may still stand there.
  const secret = field.desired instanceof Secret || (past !== 'plain' && verdict !== 'equal');
  if (verdict === 'unknown') return appliedEntry(unknownValue, secret);
  const value = fingerprinter.value(scope, field.pointer, field.desired);
  if (verdict !== 'echoed' || field.live === undefined) return appliedEntry(value, secret);
  return { ...appliedEntry(value, secret), echo: fingerprinter.value(scope, field.pointer, field.live) };
}

/** Secrets that are declared no more and may still stand on the platform: a later value in clear must not show them. */
function listLeftSecrets(
  { memory, compared, removal }: Comparison,
  context: PlanContext,
): readonly (readonly [string, AppliedEntry])[] {
  if (memory.state !== 'known') return [];
  const name = (pointer: Pointer): string => context.fingerprinter.name(pointer);
  const declared = compared.flatMap(({ field: { pointer } }) => [pointer, leftPointerOf(pointer)]);
  const settled = new Set([...declared, ...removal.setBack.map(({ pointer }) => pointer)].map(name));
  const left = removal.setBack
    .filter(({ pointer }) => readPast(memory, pointer, context) === 'secret')
    .map(({ pointer }) => [name(leftPointerOf(pointer)), appliedEntry(unknownValue, true)] as const);
  return [...[...memory.entries].filter(([hash, { secret }]) => secret === true && !settled.has(hash)), ...left];
}

/** What a new instance will remember: all that is sent and compared, and which of the rest came from a secret. */
export function firstApplied(desired: DesiredInstance, context: PlanContext): AppliedVector {
  const { fingerprinter } = context;
  const sent = listFields(desired, undefined, context).map(
    ({ pointer, desired: value }) =>
      [
        fingerprinter.name(pointer),
        appliedEntry(fingerprinter.value(desired.key, pointer, value), value instanceof Secret),
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
