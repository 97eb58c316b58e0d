import { compareText } from '../model/compare-text.ts';
import type { Digest } from '../model/hashing.ts';
import { canonicalJson } from '../model/json.ts';
import { type Action, actions, type Plan } from '../model/plan.ts';
import type { BindingFault } from '../model/refusal-codes.ts';
import { countActions } from './change.ts';
import { digestPlan } from './digest-plan.ts';

/**
 * What a saved plan says of itself that does not fit its own changes, and what it shows beside them that a plan would not show now.
 * Empty for a plan that nobody altered.
 */
export function findAlterations(reviewed: Plan, current: Plan, digest: Digest): readonly BindingFault[] {
  const own = digestPlan(reviewed, digest);
  const counts = countActions(reviewed.changes.map(({ action }) => action));
  const isCounted = (action: Action): boolean =>
    // Of the unchanged ones, only those stand in a plan that there is something to say about.
    action === 'unchanged' || reviewed.summary[action] === counts[action];
  // Where a change moved, digest and counts are those of another plan, and the change is refused by name.
  const isMoved = canonicalJson(reviewed.changes) !== canonicalJson(current.changes);
  const members = isMoved ? [] : listMembers(reviewed, current);
  return [
    ...(isMoved || reviewed.digest === own
      ? []
      : [{ code: 'other-digest' as const, reviewed: reviewed.digest, current: own }]),
    ...actions
      .filter((action) => !isCounted(action))
      .map((action) => ({
        code: 'other-count' as const,
        action,
        reviewed: String(reviewed.summary[action]),
        current: String(counts[action]),
      })),
    ...members.map((member) => ({
      code: 'other-content' as const,
      member,
      reviewed: sayMember(reviewed, member),
      current: sayMember(current, member),
    })),
  ];
}

const elsewhere: ReadonlySet<string> = new Set(['changes', 'commit', 'digest']);

/** Members of a plan that both do not have alike, but for the changes and the commit, which are compared elsewhere. */
function listMembers(reviewed: Plan, current: Plan): readonly string[] {
  const names = new Set([...Object.keys(reviewed), ...Object.keys(current)]);
  return [...names]
    .filter((name) => !elsewhere.has(name) && sayMember(reviewed, name) !== sayMember(current, name))
    .toSorted(compareText);
}

function sayMember(plan: Plan, member: string): string | undefined {
  const found = Object.entries(plan).find(([name]) => name === member);
  return found === undefined || found[1] === undefined ? undefined : canonicalJson(found[1]);
}
