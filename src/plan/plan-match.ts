import { hasGrant } from '../consent/grant.ts';
import type { DesiredInstance, UnsetReference } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { PlanSelection } from '../model/plan.ts';
import type { Reason } from '../model/plan-codes.ts';
import { draftFor, type Planned } from './change.ts';
import { diffInstance, type Resend } from './diff-instance.ts';
import { withDigest } from './digest-plan.ts';
import { isOtherConnector } from './index-live.ts';
import type { Match, MatchConflict } from './match.ts';
import { appliedKeyOf, type Memory, readMemory } from './memory.ts';
import type { PlanContext, PlanInput } from './plan-context.ts';
import { planCreate, planReplace } from './plan-create.ts';
import { hasNewGivenGrant, orWaiting, planReauthorize, type SentLogin } from './plan-login.ts';
import { planMatched } from './plan-matched.ts';

/** What a plan is made of, and what its leftovers tell. */
interface MatchPlanInput extends PlanInput {
  /** The old instances of replaces that were stopped, by the key of the definition. */
  readonly predecessors: ReadonlyMap<string, OwnedInstance>;
}

/** Plans one definition: create, adopt, move, update or replace it, or say why it stops. */
export function planMatch(match: Match, input: MatchPlanInput, context: PlanContext): Planned {
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
