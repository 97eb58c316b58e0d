import type { OwnedInstance } from '../model/live.ts';
import { toDuplicateKey } from '../model/duplicate-key.ts';
import { quoteKey } from './list-notes.ts';
import { listIds } from './match.ts';
import type { PlanContext } from './plan-context.ts';
import { goneForGood, toProtected } from './plan-leftover.ts';
import { toLiveHead } from './planned.ts';
import type { Planned } from './planned.ts';
import { sealChange } from './seal-change.ts';
import type { Duplicate } from './select-duplicates.ts';

/** A duplicate that a person named: deleted under a key of its own, so that it is never taken for a change of the definition. */
export function planDuplicate({ live, key, kept }: Duplicate, context: PlanContext): Planned {
  const own = toDuplicateKey(key, live.id);
  const stays =
    kept.length === 1
      ? `Instance ${listIds(kept)} carries it too and stays`
      : `The instances ${listIds(kept)} carry it too and stay`;
  const note = { code: 'duplicate', message: `It was named as a duplicate of the key ${key}. ${stays}.` };
  const change = { ...toLiveHead('delete', own, live), risks: [goneForGood], notes: [note] };
  const applied = live.applied ?? { check: context.fingerprinter.check, entries: new Map() };
  // Which one stays is part of what was reviewed.
  const sealed = sealChange(change, [kept.map(({ id }) => id)], context);
  return { change: sealed, work: { key: own, id: live.id, userTags: live.userTags, applied } };
}

/** The next step where several instances carry one key: a command for each that may stay. */
export function toDuplicateHint(
  holders: readonly OwnedInstance[],
  { environment, context }: { readonly environment: string; readonly context: PlanContext },
): string {
  const isHeld = (one: OwnedInstance): boolean => toProtected(one, one.owner?.key ?? '', context) !== undefined;
  const choices = holders.filter((kept) => !holders.some((one) => one !== kept && isHeld(one)));
  if (choices.length === 0) {
    return 'They are protected, or nobody can tell whether they are, so none is deleted. Find out which one is in use, and delete the others on the platform or take their connectorctl tags away.';
  }
  const commands = choices.map((kept) => {
    const others = holders.filter((one) => one !== kept).map(({ id }) => quoteKey(id));
    return `connectorctl apply --env ${quoteKey(environment)} --delete-duplicate ${others.join(' ')}`;
  });
  return [
    `Find out which one is in use, and have ${holders.length === 2 ? 'the other one' : 'the others'} deleted:`,
    ...commands,
  ].join('\n');
}
