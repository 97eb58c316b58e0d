import type { DesiredInstance } from '../model/desired.ts';
import type { AppliedEntry, AppliedVector, LiveInstance } from '../model/live.ts';
import { Secret } from '../model/secret.ts';
import type { WorkItem } from '../model/work.ts';
import { isSame } from '../model/canonical-value.ts';
import { listFields } from './list-fields.ts';
import type { Field } from './list-fields.ts';
import { unknownValue } from './memory.ts';
import { toContext } from './plan-context.ts';
import type { PlanTools } from './plan-context.ts';

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
  const context = toContext(tools);
  const { fingerprinter } = context;
  const { applied: previous } = written;
  const news = listFields(desired, answered, context).flatMap((field) => {
    const name = fingerprinter.name(field.pointer);
    const before = previous.entries.get(name);
    const hash: Hash = (value) => fingerprinter.value(desired.key, field.pointer, value);
    const entry = before && toEntry(field, before, { hash, isSent: isSent(field, written.update) });
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

function toEntry(
  field: Field,
  before: AppliedEntry,
  { hash, isSent: wasSent }: { readonly hash: Hash; readonly isSent: boolean },
): AppliedEntry {
  const { pointer, desired, live } = field;
  // Whether an instance is on is a fact and no spelling: an echo would hide that it did not come on.
  if (live === undefined || pointer === '/enabled') return before;
  if (isSame(desired, live)) return { value: hash(desired), ...(desired instanceof Secret ? { secret: true } : {}) };
  // It was not sent, now or ever, so what is shown is somebody else's value.
  if (!wasSent || before.value === unknownValue) return before;
  return { ...before, value: hash(desired), echo: hash(live) };
}

function isEqualEntry(a: AppliedEntry, b: AppliedEntry | undefined): boolean {
  return a.value === b?.value && a.echo === b.echo && a.secret === b.secret;
}
