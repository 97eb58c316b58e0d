import type { DesiredInstance } from '../model/desired.ts';
import type { AppliedEntry, AppliedVector } from '../model/live.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import type { ComparedField, Comparison } from './diff-instance.ts';
import { listFields } from './list-fields.ts';
import { readPast, toLeftPointer, unknownValue } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { protectPointer } from './protection.ts';

/**
 * What an instance will remember once the differences are written.
 * A value that is neither sent nor known to stand there is entered as unknown: it is declared, and nothing is claimed about it.
 */
export function toNextApplied(comparison: Comparison, context: PlanContext): AppliedVector {
  const { desired, compared } = comparison;
  const { fingerprinter } = context;
  const entries = compared
    .filter(({ field }) => field.pointer !== protectPointer || desired.protect)
    .map((one) => [fingerprinter.name(one.field.pointer), toEntry(one, desired.key, context)] as const);
  return { check: fingerprinter.check, entries: new Map([...listLeftSecrets(comparison, context), ...entries]) };
}

function toEntry({ field, verdict, past }: ComparedField, scope: string, { fingerprinter }: PlanContext): AppliedEntry {
  // Until the platform shows the new value, the secret before it may still stand there.
  const secret = field.desired instanceof Secret || (past !== 'plain' && verdict !== 'equal');
  if (verdict === 'unknown') return toApplied(unknownValue, secret);
  const value = fingerprinter.value(scope, field.pointer, field.desired);
  if (verdict !== 'echoed' || field.live === undefined) return toApplied(value, secret);
  return { ...toApplied(value, secret), echo: fingerprinter.value(scope, field.pointer, field.live) };
}

/** Secrets that are declared no more and may still stand on the platform: a later value in clear must not show them. */
function listLeftSecrets(
  { memory, compared, removal }: Comparison,
  context: PlanContext,
): readonly (readonly [string, AppliedEntry])[] {
  if (memory.state !== 'known') return [];
  const name = (pointer: Pointer): string => context.fingerprinter.name(pointer);
  const declared = compared.flatMap(({ field: { pointer } }) => [pointer, toLeftPointer(pointer)]);
  const settled = new Set([...declared, ...removal.setBack.map(({ pointer }) => pointer)].map(name));
  const left = removal.setBack
    .filter(({ pointer }) => readPast(memory, pointer, context) === 'secret')
    .map(({ pointer }) => [name(toLeftPointer(pointer)), toApplied(unknownValue, true)] as const);
  return [...[...memory.entries].filter(([hash, { secret }]) => secret === true && !settled.has(hash)), ...left];
}

/** What a new instance will remember: all that is sent and compared, and which of the rest came from a secret. */
export function toFirstApplied(desired: DesiredInstance, context: PlanContext): AppliedVector {
  const { fingerprinter } = context;
  const sent = listFields(desired, undefined, context).map(
    ({ pointer, desired: value }) =>
      [
        fingerprinter.name(pointer),
        toApplied(fingerprinter.value(desired.key, pointer, value), value instanceof Secret),
      ] as const,
  );
  const ignored = [...desired.configuration]
    .filter(([key, value]) => desired.ignore.has(key) && value instanceof Secret)
    .map(
      ([key]) => [fingerprinter.name(toLeftPointer(context.pointerOf(key))), toApplied(unknownValue, true)] as const,
    );
  return { check: fingerprinter.check, entries: new Map([...sent, ...ignored]) };
}

function toApplied(value: string, secret: boolean): AppliedEntry {
  return secret ? { value, secret } : { value };
}
