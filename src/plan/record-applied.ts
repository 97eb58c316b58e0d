import type { DesiredInstance } from '../model/desired.ts';
import type { AppliedEntry, AppliedVector, LiveInstance } from '../model/live.ts';
import { Secret } from '../model/secret.ts';
import { isSame } from '../model/canonical-value.ts';
import { listFields } from './list-fields.ts';
import type { Field } from './list-fields.ts';
import { unknownValue } from './memory.ts';
import { toContext } from './plan-context.ts';
import type { PlanTools } from './plan-context.ts';

/**
 * Completes the memory with what the platform made of the values, so that the next plan is empty whatever it did to them.
 * A value that came back different gets the hash of what came back as its `echo`.
 * Answers `previous` itself when nothing is to be added: then the tags need not be written again.
 * @param answered the full instance as the platform answered the create or update
 * @param previous the vector that was written with it (`WorkItem.applied`)
 */
export function recordApplied(
  desired: DesiredInstance,
  answered: LiveInstance,
  previous: AppliedVector,
  tools: PlanTools,
): AppliedVector {
  const context = toContext(tools);
  const { fingerprinter } = context;
  const news = listFields(desired, answered, context).flatMap((field) => {
    const name = fingerprinter.name(field.pointer);
    const before = previous.entries.get(name);
    const entry = before && toEntry(field, before, (value) => fingerprinter.value(desired.key, field.pointer, value));
    return entry === undefined || isEqualEntry(entry, before) ? [] : [[name, entry] as const];
  });
  return news.length === 0 ? previous : { ...previous, entries: new Map([...previous.entries, ...news]) };
}

function toEntry(field: Field, before: AppliedEntry, hash: (value: Field['desired']) => string): AppliedEntry {
  const { pointer, desired, live } = field;
  // Whether an instance is on is a fact and no spelling: an echo would hide that it did not come on.
  if (live === undefined || pointer === '/enabled') return before;
  if (isSame(desired, live)) return { value: hash(desired), ...(desired instanceof Secret ? { secret: true } : {}) };
  // It was never sent, so what is shown is somebody else's value.
  if (before.value === unknownValue) return before;
  return { ...before, value: hash(desired), echo: hash(live) };
}

function isEqualEntry(a: AppliedEntry, b: AppliedEntry | undefined): boolean {
  return a.value === b?.value && a.echo === b.echo && a.secret === b.secret;
}
