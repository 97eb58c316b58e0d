import type { OwnedInstance } from '../model/live.ts';
import type { Risk } from '../model/plan.ts';
import { describeClaims } from './claims.ts';
import { toResendCommand } from './list-notes.ts';
import type { Held, MatchConflict } from './match.ts';
import { toMemory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { toDesiredHead, toLiveHead } from './planned.ts';
import type { Planned } from './planned.ts';
import { readProtection } from './protection.ts';
import { fromRetiredKey } from './retired-key.ts';
import { sealChange } from './seal-change.ts';

/** A definition that stops until a person decides. The others go on. */
export function planConflict({ desired, reason, hint }: MatchConflict, context: PlanContext): Planned {
  return { change: sealChange({ ...toDesiredHead('conflict', desired), reason, hint }, [], context) };
}

/**
 * An instance of ours without a definition: deleted with prune, otherwise reported.
 * Never deleted while `held`, while protected, or while nobody can tell whether it is protected.
 */
export function planOrphan(
  live: OwnedInstance,
  options: { readonly prune: boolean; readonly held: Held | undefined; readonly context: PlanContext },
): Planned {
  const { prune, context } = options;
  const key = live.owner?.key ?? '';
  const held = options.held ?? toProtected(live, key, context);
  if (prune && held === undefined) {
    const change = sealChange({ ...toLiveHead('delete', key, live), risks: [goneForGood] }, [], context);
    const applied = live.applied ?? { check: context.fingerprinter.check, entries: new Map() };
    return { change, work: { key, id: live.id, userTags: live.userTags, applied } };
  }
  const predecessor = fromRetiredKey(key);
  const origin =
    predecessor === undefined ? 'No definition has its key.' : `It is left over from a replace of ${predecessor}.`;
  const reason = `${origin} ${held?.reason ?? 'It is kept, because prune is off.'}`;
  const wayBack = predecessor === undefined ? 'Bring the definition back, or delete' : 'Delete';
  const hint = held?.hint ?? `${wayBack} the instance with --prune.`;
  return { change: sealChange({ ...toLiveHead('orphan', key, live), reason, hint }, [], context) };
}

/** platform-api §6: no undelete. */
export const goneForGood: Risk = {
  code: 'identity-will-change',
  message: 'The instance, its id and its token are gone for good.',
};

/** Why an instance is never deleted: it is protected, or nobody can tell. */
export function toProtected(live: OwnedInstance, key: string, context: PlanContext): Held | undefined {
  // Only what is not protected is replaced, and it gives its memory away with its key.
  if (fromRetiredKey(key) !== undefined) return undefined;
  const isProtected = readProtection(toMemory(live, key, context), context);
  if (isProtected === false) return undefined;
  if (isProtected === true) {
    return {
      reason: 'It is protected, so it is never deleted.',
      hint: 'Bring the definition back with `protect: false` and apply; then remove it.',
    };
  }
  return {
    reason: 'What its tags remember cannot be read, so nobody can tell whether it is protected, and it is not deleted.',
    hint: `Bring the definition back and write the tags again; then remove it.\n${toResendCommand(key)}`,
  };
}

/**
 * An instance of ours that lost its key tag: nobody can say which definition it was, so it is only reported.
 * Stands in the plan under its id, as it has no key.
 */
export function planKeyless(live: OwnedInstance, context: PlanContext): Planned {
  const message = `Instance ${live.id} carries the tag of this workspace and no key tag. It is left alone: take it over with \`adopt: ${live.id}\`, or take the tag away.`;
  const change = { ...toLiveHead('unchanged', `id ${live.id}`, live), notes: [{ code: 'no-key-tag', message }] };
  return { change: sealChange(change, [], context) };
}

/** An instance whose tags name this workspace and something else too: it is only reported, under its id. */
export function planContested(live: OwnedInstance, context: PlanContext): Planned {
  const message = `${describeClaims(live)} It is left alone until the wrong ones are taken away on the platform.`;
  const change = { ...toLiveHead('unchanged', `id ${live.id}`, live), notes: [{ code: 'contested', message }] };
  return { change: sealChange(change, [], context) };
}
