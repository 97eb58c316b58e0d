import { isWithheld } from '../model/canonical-value.ts';
import { originalKey } from '../model/derived-key.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Digest } from '../model/hashing.ts';
import type { OwnedInstance } from '../model/live.ts';
import { type Change, namesOf, type Plan, type PlanSelection, type UnchangedInstance } from '../model/plan.ts';
import { isExcluded, isSelected } from '../model/selection.ts';
import { parseShard } from '../model/shard.ts';
import type { WorkItem } from '../model/work.ts';
import { compareChanges, countActions, isWorthShowing, type Planned, undigested } from './change.ts';
import { digestPlan, withDigest } from './digest-plan.ts';
import type { Match } from './match.ts';
import { matchInstances } from './match-instances.ts';
import { createContext, type PlanContext, type PlanInput, type PlanTools } from './plan-context.ts';
import { planDuplicate, selectDuplicates } from './plan-duplicates.ts';
import { type Leftover, listLeftovers, planLeftover } from './plan-leftover.ts';
import { planMatch } from './plan-match.ts';
import { indexElsewhere } from './secrets-elsewhere.ts';
import { selectShard } from './select-shard.ts';
import { listSecretUses } from './shared-secrets.ts';

export type { PlanInput, PlanTools } from './plan-context.ts';

export interface BuiltPlan {
  readonly plan: Plan;
  /** What apply has to do, in the order of the plan. Holds secrets. */
  readonly work: readonly WorkItem[];
  /** The instances of definitions with which nothing is to be done, sorted by key. */
  readonly unchanged: readonly UnchangedInstance[];
  /** Of the plan of a shard: that of all shards, by which limits are judged. */
  readonly whole?: WholePlan | undefined;
}

/** A plan and its work, of which a shard is a part. */
export type WholePlan = Pick<BuiltPlan, 'plan' | 'work'>;

/**
 * Compares what is wanted with what is there (design §3 to §5):
 *
 * 1. select the duplicates that a person named; they go, and are matched with nothing
 * 2. match each definition with its live instance
 * 3. list the instances of ours that no definition was given
 * 4. leave out what was not selected
 * 5. plan each definition: create, adopt, move, update or replace it, or say why it stops
 * 6. plan each instance that is left over: delete it with prune, or say why it is kept
 * 7. sort the changes by action and key, and count them
 * 8. keep of the unchanged ones those that there is something to say about
 * 9. digest all that matters
 * 10. with a shard, do 7 to 9 once more for what falls into it: a part is cut from the whole, so that no change of another part is missed
 *
 * Deterministic: equal inputs give equal bytes, whatever order they came in. No secret stands in the plan.
 */
export function buildPlan(input: PlanInput, tools: PlanTools): BuiltPlan {
  return cutPlan([...planEach(input, tools, () => false)], input, tools);
}

/** A plan, or the connectors of which more has to be known before one is made. */
export type Drafted = { readonly built: BuiltPlan } | { readonly asked: ReadonlySet<string> };

/**
 * The plan, unless something happens of which more has to be known: then the keys of all connectors that it happens to. Once that is sure of a connector,
 * nothing more of it is planned.
 */
export function draftPlan(input: PlanInput, tools: PlanTools, asksMore: (change: Change) => boolean): Drafted {
  const asked = new Set<string>();
  const planned: Planned[] = [];
  for (const one of planEach(input, tools, (connector) => asked.has(connector))) {
    planned.push(one);
    if (asksMore(one.change)) asked.add(one.change.connector);
  }
  return asked.size > 0 ? { asked } : { built: cutPlan(planned, input, tools) };
}

/** Steps 1 to 6, in no order. */
function* planEach(
  input: PlanInput,
  tools: PlanTools,
  isLeftOut: (connector: string) => boolean,
): Generator<Planned, void> {
  const bare = createContext(tools, input.connectors);
  const { duplicates } = selectDuplicates(input, bare);
  const gone = new Set(duplicates.map((one) => one.live.id));
  const stays = { ...input, live: input.live.filter(({ id }) => !gone.has(id)) };

  const { matches, index } = matchInstances(stays, bare);
  const standing = matches.flatMap((match) => ('live' in match ? [match] : []));
  const secretUses = once(() => listSecretUses(standing, bare));
  const secretsElsewhere = indexElsewhere(input.elsewhere ?? [], secretUses, bare);
  const context: PlanContext = { ...bare, secretUses, secretsElsewhere };
  const leftovers = listLeftovers(matches, index, context);

  const selected = matches.filter((match) => isMatchSelected(match, input));
  const leftSelected = leftovers.filter((one) => isLeftoverSelected(one, input));

  const around = { ...input, predecessors: listPredecessors(leftovers) };
  for (const one of duplicates) yield planDuplicate(one, context);
  for (const match of selected) {
    if (!isLeftOut(match.desired.connector)) yield withHealth(planMatch(match, around, context), input);
  }
  for (const one of leftSelected) yield planLeftover(one, { ...input, context });
}

/** Steps 7 to 10. */
function cutPlan(each: readonly Planned[], input: PlanInput, tools: PlanTools): BuiltPlan {
  const planned = each.toSorted((a, b) => compareChanges(a.change, b.change));
  const shard = input.shard === undefined ? undefined : parseShard(input.shard);
  if (shard === undefined) return completePlan(planned, input, tools);
  const whole = completePlan(planned, { ...input, shard: undefined }, tools);
  return { ...completePlan(selectShard(planned, shard, tools.digest), input, tools), whole };
}

/** Found out when it is asked for: of a plan without a change nobody asks. */
function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => (found ??= { value: find() }).value;
}

/** The plan of what was planned, its work, and the rest. */
function completePlan(planned: readonly Planned[], input: PlanInput, { digest, ...tools }: PlanTools): BuiltPlan {
  const about = tools.isWithheld === true ? { withheld: { values: countWithheld(input.desired) } } : {};
  const plan = { ...describePlan(input, planned, digest), ...about };
  return {
    plan: { ...plan, digest: digestPlan(plan, digest) },
    work:
      tools.isWithheld === true
        ? []
        : planned.flatMap(({ change, work }) => (work === undefined ? [] : [{ change, ...work }])),
    unchanged: planned.flatMap(({ change }) => toUnchanged(change)),
  };
}

/** Of all definitions, whatever is selected: so it is the same in every part of a plan. */
function countWithheld(desired: readonly DesiredInstance[]): number {
  const values = desired.flatMap(({ configuration }) => [...configuration.values()]);
  return values.filter(isWithheld).length;
}

function toUnchanged({ action, key, connector, name, id }: Change): readonly UnchangedInstance[] {
  return action === 'unchanged' && id !== undefined ? [{ key, connector, name, id }] : [];
}

/** An instance that carries an excluded key is left alone, also where a definition with another key would take it over. */
function isMatchSelected(match: Match, selection: PlanSelection): boolean {
  return isSelected(match.desired.key, selection) && !('live' in match && isLeftAlone(match.live, selection));
}

/** Orphans are looked for among all: with `only`, nobody asked for them, but for the end of a replace of a definition that is asked for. */
function isLeftoverSelected(leftover: Leftover, selection: PlanSelection): boolean {
  const replaced = leftover.kind === 'orphan' ? leftover.replaced : undefined;
  if (replaced !== undefined) return isSelected(replaced.key, selection);
  return selection.only === undefined && !isLeftAlone(leftover.live, selection);
}

function isLeftAlone({ owner }: OwnedInstance, selection: PlanSelection): boolean {
  const key = owner?.key;
  return key !== undefined && isExcluded(originalKey(key), selection);
}

/** The old instances of replaces that were stopped, by the key of the definition. */
function listPredecessors(leftovers: readonly Leftover[]): ReadonlyMap<string, OwnedInstance> {
  return new Map(
    leftovers.flatMap((one) =>
      one.kind === 'orphan' && one.replaced !== undefined ? [[one.replaced.key, one.live] as const] : [],
    ),
  );
}

/** What does not depend on the definition, and makes no change another one. */
function withHealth({ change, work }: Planned, { health }: PlanInput): Planned {
  const notes = change.id === undefined ? undefined : health?.get(change.id);
  return notes === undefined ? { change, work } : { change: { ...change, notes: [...change.notes, ...notes] }, work };
}

/** The plan around its changes. */
function describePlan(input: PlanInput, planned: readonly Planned[], digest: Digest): Omit<Plan, 'digest'> {
  const shown = planned.map(({ change }) => change).filter(isWorthShowing);
  return {
    formatVersion: '1.0',
    toolVersion: input.toolVersion,
    workspace: input.workspace,
    environment: input.environment,
    target: input.target,
    ...(input.commit === undefined ? {} : { commit: input.commit }),
    ...namesOf(input),
    ...(input.shard === undefined ? {} : { shard: input.shard }),
    summary: countActions(planned.map(({ change }) => change.action)),
    changes: shown.map((change) => (change.digest === undigested ? withDigest(change, [], { digest }) : change)),
  };
}
