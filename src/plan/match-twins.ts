import { isSame } from '../model/canonical-value.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import type { OwnedInstance } from '../model/live.ts';
import { idsOf, nameKey } from './index-live.ts';
import { listFields } from './list-fields.ts';
import type { Match } from './match.ts';
import type { PlanContext } from './plan-context.ts';

/** A definition and the instance with its key tag. */
type KeyHolder = Extract<Match, { kind: 'same' }>;

/** So many instances of one connector and name are looked at; more of them are as their key tags say. */
const most = 200;

/**
 * Finds files that traded places although their connections have one connector and name: the settings of a definition are not those of
 * the instance with its key, but exactly those of another one. Neither name nor key tells them apart, so that is a conflict.
 */
export function matchTwins(
  matched: readonly (Match | DesiredInstance)[],
  context: PlanContext,
): ReadonlyMap<string, Match> {
  // Where `adopt:` names the instance with the key, it is certain which one is meant.
  const same = matched.filter(
    (one): one is KeyHolder => 'kind' in one && one.kind === 'same' && one.desired.adopt !== one.live.id,
  );
  const groups = [...groupBy(same, ({ desired }) => nameKey(desired)).values()].filter((group) => group.length > 1);
  const conflicts = groups.flatMap((group) => {
    const strange = group.filter(({ desired, live }) => !looksLike(desired, live, context)).slice(0, most);
    return strange.flatMap((one) => findTwin(one, strange, context) ?? []);
  });
  return new Map(conflicts.map((one) => [one.desired.key, one]));
}

function findTwin(
  { desired, live }: KeyHolder,
  strange: readonly KeyHolder[],
  context: PlanContext,
): Match | undefined {
  const twins = strange.flatMap((one) =>
    one.live !== live && looksLike(desired, one.live, context) ? [one.live] : [],
  );
  if (twins.length === 0) return undefined;
  const reason = { code: 'unclear-twins' as const, key: desired.key, holder: live.id, instances: idsOf(twins) };
  return { kind: 'conflict', desired, reason, among: [live, ...twins] };
}

/** Whether all that can be seen of the configuration is as the definition says. */
function looksLike(desired: DesiredInstance, live: OwnedInstance, context: PlanContext): boolean {
  return listFields(desired, live, context).every(
    (field) => field.key === undefined || field.live === undefined || isSame(field.desired, field.live),
  );
}
