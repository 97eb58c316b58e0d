import type { Digest } from '../model/hashing.ts';
import { groupBy } from '../model/group-by.ts';
import { canonicalJson } from '../model/json.ts';
import { actions, type Plan } from '../model/plan.ts';
import type { BindingFault } from '../model/refusal-codes.ts';
import { parseShard } from '../model/shard.ts';
import { compareChanges, countActions } from './change.ts';
import { bindingFaults } from './compare-plans.ts';
import { digestPlan } from './digest-plan.ts';

/** A plan, and where it was read. */
export interface ShardReport {
  readonly file: string;
  readonly plan: Plan;
}

/** Why plans are not the shards of one plan. */
export type MergeFault =
  /** It is about all that there is. */
  | { readonly code: 'no-shard'; readonly file: string }
  /** One is of 4, the other of 8. */
  | { readonly code: 'other-count'; readonly file: string; readonly shard: string; readonly first: string }
  | { readonly code: 'same-shard'; readonly shard: string; readonly files: readonly string[] }
  | { readonly code: 'missing-shards'; readonly shards: readonly string[] }
  /** It was made with other options than the first one. */
  | { readonly code: 'other-selection'; readonly file: string }
  | { readonly code: 'bound'; readonly file: string; readonly faults: readonly BindingFault[] };

/**
 * Puts the shards of a plan together: to the very plan, and the digest, that one run makes of the same definitions and instances.
 * Every shard must be there, once, and all must be about the same environment with the same options.
 */
export function mergePlans(
  reports: readonly [ShardReport, ...ShardReport[]],
  digest: Digest,
): { readonly plan: Plan } | { readonly faults: readonly MergeFault[] } {
  const faults = findFaults(reports, digest);
  if (faults.length > 0) return { faults };
  const plans = reports.map(({ plan }) => plan);
  const changes = plans.flatMap((plan) => plan.changes).toSorted(compareChanges);
  const plan = { ...withoutShard(reports[0].plan), summary: addUp(plans), changes };
  return { plan: { ...plan, digest: digestPlan(plan, digest) } };
}

function findFaults(reports: readonly [ShardReport, ...ShardReport[]], digest: Digest): readonly MergeFault[] {
  const [first] = reports;
  const foreign = reports.flatMap(({ file, plan }): readonly MergeFault[] => {
    const faults = [...bindingFaults(first.plan, plan), ...findAltered(plan, digest)];
    if (faults.length > 0) return [{ code: 'bound', file, faults }];
    return selectionText(plan) === selectionText(first.plan) ? [] : [{ code: 'other-selection', file }];
  });
  if (foreign.length > 0) return foreign;
  const whole = reports.filter(({ plan }) => plan.shard === undefined);
  if (whole.length > 0) return whole.map(({ file }) => ({ code: 'no-shard', file }));
  return findGaps(reports);
}

function findAltered(plan: Plan, digest: Digest): readonly BindingFault[] {
  const current = digestPlan(plan, digest);
  return current === plan.digest ? [] : [{ code: 'other-digest', reviewed: plan.digest, current }];
}

function selectionText({ only, exclude, resend, deleteDuplicate, withheld }: Plan): string {
  return canonicalJson([
    only ?? null,
    exclude ?? null,
    resend ?? null,
    deleteDuplicate ?? null,
    withheld?.values ?? null,
  ]);
}

function findGaps(reports: readonly [ShardReport, ...ShardReport[]]): readonly MergeFault[] {
  const shardOf = ({ plan }: ShardReport) => plan.shard ?? '';
  const first = shardOf(reports[0]);
  const count = parseShard(first)?.count ?? 0;
  const others = reports.filter((one) => parseShard(shardOf(one))?.count !== count);
  if (others.length > 0) {
    return others.map((one) => ({ code: 'other-count', file: one.file, shard: shardOf(one), first }));
  }
  const byShard = groupBy(reports, shardOf);
  const twice = [...byShard].filter(([, all]) => all.length > 1);
  const missing = Array.from({ length: count }, (_, index) => `${index + 1}/${count}`).filter(
    (shard) => !byShard.has(shard),
  );
  return [
    ...twice.map(([shard, all]): MergeFault => ({ code: 'same-shard', shard, files: all.map(({ file }) => file) })),
    ...(missing.length === 0 ? [] : [{ code: 'missing-shards' as const, shards: missing }]),
  ];
}

function withoutShard(plan: Plan): Plan {
  const { shard, ...rest } = plan;
  return shard === undefined ? plan : rest;
}

function addUp(plans: readonly Plan[]): Plan['summary'] {
  const sums = { ...countActions([]) };
  for (const action of actions) sums[action] = plans.reduce((total, { summary }) => total + (summary[action] ?? 0), 0);
  return sums;
}
