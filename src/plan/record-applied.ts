import type { DesiredInstance } from '../model/desired.ts';
import type { AppliedEntry, AppliedVector } from '../model/live.ts';
import type { WrittenInstance } from '../model/platform.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import type { ComparedField, Comparison } from './diff-instance.ts';
import { type JudgedField, judgeWritten, type WrittenWork } from './judge-written.ts';
import { type Field, listFields } from './list-fields.ts';
import { protectPointer, readPast, leftPointerOf, unknownValue } from './memory.ts';
import { type PlanContext, type PlanTools, createContext } from './plan-context.ts';

/**
 * Completes the memory with what the platform made of the values, so that the next plan is empty whatever it did to them.
 * A value that was sent and came back spelt otherwise gets the hash of what came back as its `echo`. One that was not sent never does:
 * what is shown there is what somebody else wrote meanwhile, and the next plan must say so. Nor does one that was not taken or is lost:
 * for it the memory says what it said before the write, so that it stays in the plan.
 * Answers the vector that was written itself when nothing is to be added: then the tags need not be written again.
 * @param answered the full instance as the platform answered the create or update, or as a read shows it
 * @param written the vector that was written with it, and what else was; everything when there is no `update`
 */
export function recordApplied(
  desired: DesiredInstance,
  answered: WrittenInstance,
  written: WrittenWork,
  tools: PlanTools,
): AppliedVector {
  const context = createContext(tools);
  const { applied: previous } = written;
  const entries = new Map(previous.entries);
  for (const one of judgeWritten(desired, answered, written, context)) amendEntry(entries, one, desired.key, context);
  return isEqualMemory(entries, previous.entries) ? previous : { ...previous, entries };
}

function amendEntry(
  entries: Map<string, AppliedEntry>,
  { field, fate, past }: JudgedField,
  scope: string,
  { fingerprinter }: PlanContext,
): void {
  const { pointer, desired, live } = field;
  const name = fingerprinter.name(pointer);
  const before = entries.get(name);
  const hash = (value: Field['desired']): string => fingerprinter.value(scope, pointer, value);
  // Whether an instance is on is a fact and no spelling: an echo would hide that it did not come on.
  if (pointer === '/enabled' || pointer === protectPointer) return;
  if (fate === 'not-taken' || fate === 'lost' || fate === 'tags-lost') {
    const isSecret = before?.secret === true || past?.secret === true;
    entries.delete(name);
    if (past !== undefined && isTelling(past, fate, { live, wanted: hash(desired) })) {
      entries.set(name, { ...past, secret: isSecret ? true : undefined });
    } else if (isSecret) {
      entries.set(fingerprinter.name(leftPointerOf(pointer)), appliedEntry(unknownValue, true));
    }
    return;
  }
  if (before === undefined || live === undefined) return;
  if (fate === 'taken') entries.set(name, appliedEntry(hash(desired), desired instanceof Secret));
  const isOurs = fate === 'spelt' || fate === 'unrelated';
  // It was not sent, now or ever, so what is shown is somebody else's value.
  if (isOurs && before.value !== unknownValue) entries.set(name, { ...before, value: hash(desired), echo: hash(live) });
}

/** Whether the next plan still finds a difference when it compares with this. Without any memory of a declared field it always does. */
function isTelling(
  past: AppliedEntry,
  fate: JudgedField['fate'],
  { live, wanted }: { readonly live: Field['live']; readonly wanted: string },
): boolean {
  if (past.value === unknownValue || fate === 'lost') return false;
  return live !== undefined || past.value !== wanted;
}

function isEqualMemory(a: AppliedVector['entries'], b: AppliedVector['entries']): boolean {
  return a.size === b.size && [...a].every(([name, entry]) => isEqualEntry(entry, b.get(name)));
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
