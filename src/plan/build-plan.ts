import { hasGrant } from '../consent/grant.ts';
import { originalKey } from '../model/derived-key.ts';
import { isWithheld } from '../model/canonical-value.ts';
import type { Connector } from '../model/connector.ts';
import type { DesiredElsewhere, DesiredInstance, UnsetReference } from '../model/desired.ts';
import type { Digest } from '../model/hashing.ts';
import type { OwnedInstance } from '../model/live.ts';
import {
  type Change,
  namesOf,
  type Plan,
  type PlanSelection,
  type Target,
  type UnchangedInstance,
} from '../model/plan.ts';
import type { Note, Reason } from '../model/plan-codes.ts';
import { isExcluded, isSelected } from '../model/selection.ts';
import { parseShard } from '../model/shard.ts';
import type { WorkItem } from '../model/work.ts';
import { compareChanges, countActions, draftFor, isWorthShowing, type Planned, undigested } from './change.ts';
import { diffInstance, type Resend } from './diff-instance.ts';
import { digestPlan, withDigest } from './digest-plan.ts';
import { isOtherConnector, type Viewer } from './index-live.ts';
import type { Match, MatchConflict } from './match.ts';
import { matchInstances } from './match-instances.ts';
import { appliedKeyOf, type Memory, readMemory } from './memory.ts';
import { createContext, type PlanContext, type PlanTools } from './plan-context.ts';
import { planCreate, planReplace } from './plan-create.ts';
import { planDuplicate, selectDuplicates } from './plan-duplicates.ts';
import { hasNewGivenGrant, orWaiting, planReauthorize, type SentLogin } from './plan-login.ts';
import { type Leftover, listLeftovers, planLeftover } from './plan-leftover.ts';
import { planMatched } from './plan-matched.ts';
import { indexElsewhere } from './secrets-elsewhere.ts';
import { selectShard } from './select-shard.ts';
import { listSecretUses } from './shared-secrets.ts';

export type { PlanTools } from './plan-context.ts';

export interface PlanInput extends PlanSelection, Viewer {
  readonly toolVersion: string;
  readonly target: Target;
  readonly commit?: string | undefined;
  /** All definitions of the environment, also those that the selection leaves out: a move can be seen only among all. */
  readonly desired: readonly DesiredInstance[];
  /** The definitions as they stand for other environments, where that is another thing. None when absent. */
  readonly elsewhere?: readonly DesiredElsewhere[] | undefined;
  /** Environments of the definitions that are not for this one, by key. None when absent. */
  readonly elsewhereOnly?: ReadonlyMap<string, readonly string[]> | undefined;
  /** All instances that can be seen, ours or not. */
  readonly live: readonly OwnedInstance[];
  /** What is known of the catalogue, by key; may be empty. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Connectors that the platform does not have, in small letters, each with the key that was probably meant, or null. None when absent. */
  readonly missingConnectors?: ReadonlyMap<string, string | null> | undefined;
  readonly prune: boolean;
  /** True: prune was asked for, and must not delete anything. */
  readonly isPruneWithheld?: boolean | undefined;
  readonly allowReplace: boolean;
  /** What there is to say about instances besides their values, by id. */
  readonly health?: ReadonlyMap<string, readonly Note[]> | undefined;
  /** Ids of instances whose provider does not accept their login any more. */
  readonly loggedOut?: ReadonlySet<string> | undefined;
  /** Keys of definitions that a person has just consented for: what their `providerData` holds is sent, to a live instance as well. */
  readonly consented?: ReadonlySet<string> | undefined;
}

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

interface MatchPlanInput extends PlanInput {
  readonly predecessors: ReadonlyMap<string, OwnedInstance>;
}

/** The old instances of replaces that were stopped, by the key of the definition. */
function listPredecessors(leftovers: readonly Leftover[]): ReadonlyMap<string, OwnedInstance> {
  return new Map(
    leftovers.flatMap((one) =>
      one.kind === 'orphan' && one.replaced !== undefined ? [[one.replaced.key, one.live] as const] : [],
    ),
  );
}

function planMatch(match: Match, input: MatchPlanInput, context: PlanContext): Planned {
  const { unset } = match.desired;
  if (unset !== undefined && match.kind !== 'conflict') return planBlocked(match, unset, context);
  switch (match.kind) {
    case 'new': {
      const reason = findMissing(match.desired, input);
      if (reason !== undefined) return planConflict({ desired: match.desired, reason }, context);
      const around = { ...match, workspace: input.workspace, predecessor: input.predecessors.get(match.desired.key) };
      return inTurn(planCreate(match.desired, around, context), match.after);
    }
    case 'same':
    case 'adopt':
      return planLive(match, input, context);
    case 'move':
      return inTurn(planLive(match, input, context), match.after);
    case 'conflict':
      return planConflict(match, context);
    default:
      return match satisfies never;
  }
}

/** What does not depend on the definition, and makes no change another one. */
function withHealth({ change, work }: Planned, { health }: PlanInput): Planned {
  const notes = change.id === undefined ? undefined : health?.get(change.id);
  return notes === undefined ? { change, work } : { change: { ...change, notes: [...change.notes, ...notes] }, work };
}

/** A key can be given only when the instance that carries it has got another one. */
function inTurn({ change, work }: Planned, after: string | undefined): Planned {
  return { change, work: work === undefined || after === undefined ? work : { ...work, after } };
}

/** A definition that stops until a person decides. The others go on. */
function planConflict(
  { desired, reason }: Pick<MatchConflict, 'desired' | 'reason'>,
  context: PlanContext,
  live?: OwnedInstance,
): Planned {
  return { change: withDigest({ ...draftFor('conflict', desired, live), reason }, [], context), work: undefined };
}

/** A definition that lacks a value is not compared, and nothing is sent for it. Its instance stays its own, also under a new key. */
function planBlocked(match: Match, references: readonly UnsetReference[], context: PlanContext): Planned {
  const live = 'live' in match ? match.live : undefined;
  const reason: Reason = { code: 'reference-unset', references };
  const draft = { ...draftFor('blocked', match.desired, live), reason };
  return { change: withDigest(draft, [], context), work: undefined };
}

function planLive(
  { kind, desired, live }: Extract<Match, { live: OwnedInstance }>,
  input: PlanInput,
  context: PlanContext,
): Planned {
  const appliedKey = kind === 'adopt' ? undefined : appliedKeyOf(live);
  const reason = findCarried(desired, readMemory(live, appliedKey, context), { live, all: input.live });
  if (reason !== undefined) return planConflict({ desired, reason }, context, live);
  if (isOtherConnector(desired, live)) {
    const missing = findMissing(desired, input);
    if (missing !== undefined) return planConflict({ desired, reason: missing }, context, live);
    const { allowReplace } = input;
    return planReplace(desired, live, { allowReplace, context });
  }
  const comparison = diffInstance(desired, live, { appliedKey, resend: resendOf(desired, input), context });
  const previousEnvironment = kind === 'adopt' ? undefined : formerEnvironment(live, input);
  const action = kind === 'same' ? (previousEnvironment === undefined ? 'update' : 'move') : kind;
  if (action !== 'update') return planMatched(comparison, { action, previousEnvironment, context });
  const isLoggedOut = input.loggedOut?.has(live.id) ?? false;
  const sent = whatToSend(desired, input) ?? (hasNewGivenGrant(comparison, isLoggedOut) ? 'all' : undefined);
  if (sent !== undefined) return planReauthorize(comparison, sent, context);
  return orWaiting(planMatched(comparison, { action, previousEnvironment, context }), comparison, {
    isLoggedOut,
    context,
  });
}

/** Whether a live instance gets the grant of its definition, and what with it; undefined when it gets none. */
function whatToSend(desired: DesiredInstance, { consented, resend }: PlanInput): SentLogin | undefined {
  if (consented?.has(desired.key) === true) return 'login';
  const isAsked = resend?.includes(desired.key) === true && desired.missingProviderData.length === 0;
  return isAsked && hasGrant(desired) ? 'all' : undefined;
}

/** A new instance of a connector that is not there would fail, after other things were done. */
function findMissing({ connector }: DesiredInstance, { missingConnectors }: PlanInput): Reason | undefined {
  const nearest = missingConnectors?.get(connector.toLowerCase());
  return nearest === undefined ? undefined : { code: 'unknown-connector', connector, nearest };
}

/** The name of the environment that the tags of an instance of ours still carry; undefined when they carry its present one. */
function formerEnvironment({ owner }: OwnedInstance, { environment }: PlanInput): string | undefined {
  return owner === undefined || owner.environment === environment ? undefined : owner.environment;
}

/** Tags that were written for another instance say that this one is not what they make it: a secret must not go there. `adopt` says that it is meant. */
function findCarried(
  { key, adopt }: DesiredInstance,
  memory: Memory,
  { live: { id }, all }: { readonly live: OwnedInstance; readonly all: readonly OwnedInstance[] },
): Reason | undefined {
  if (memory.state !== 'carried' || adopt === id) return undefined;
  const other = all.find((one) => memory.isFor(one.id))?.id ?? null;
  return { code: 'memory-of-other', key, id, other };
}

function resendOf({ key }: DesiredInstance, { resend }: PlanSelection): Resend {
  if (resend === undefined) return 'nothing';
  if (resend.length === 0) return 'assumed';
  return resend.includes(key) ? 'hidden' : 'nothing';
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
