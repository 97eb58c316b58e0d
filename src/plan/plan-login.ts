import { findApp } from '../consent/app.ts';
import { hasGrant } from '../consent/grant.ts';
import { compareText } from '../model/compare-text.ts';
import type { AppliedVector } from '../model/live.ts';
import type { FieldChange } from '../model/plan.ts';
import type { Reason } from '../model/plan-codes.ts';
import { toPointer } from '../model/position.ts';
import { buildFieldChange, buildRemovedField } from './build-field-change.ts';
import { draftFor, type Planned, type Work } from './change.ts';
import { type ComparedField, type Comparison, isDifferent } from './diff-instance.ts';
import { compareEvidence, withDigest } from './digest-plan.ts';
import { consentKindOf, knownConnector } from './find-grant.ts';
import { findRisks } from './find-risks.ts';
import { listKnownKeys } from './find-removed.ts';
import type { PlanContext } from './plan-context.ts';
import { listNotes, updateWork } from './plan-matched.ts';
import { nextApplied } from './record-applied.ts';

/**
 * What goes with a new login to a live instance. `login`: what a person has just consented to, and of the configuration only the app that was consented to,
 * without which the provider does not take the code. `all`: the grant of the definition, with everything that differs.
 */
export type SentLogin = 'login' | 'all';

/** A live instance is given a new login: id and token stay. One that was switched off comes on again, unless its definition says that it is off. */
export function planReauthorize(comparison: Comparison, sent: SentLogin, context: PlanContext): Planned {
  const { desired, live, memory } = comparison;
  const part = sent === 'all' ? comparison : narrowToApp(comparison, context);
  const different = part.compared.filter(isDifferent);
  const fields = [
    ...different.map((one) => buildFieldChange(one, desired, context)),
    ...part.removal.setBack.map((one) => buildRemovedField(one, desired)),
    ...listGrantFields(comparison),
  ];
  const risks = findRisks(fields, desired, context, { memory, keys: listKnownKeys(live, context), live });
  const draft = {
    ...draftFor('reauthorize', desired, live),
    fields,
    risks,
    notes: listNotes(comparison, 'update', context),
  };
  const change = withDigest(draft, compareEvidence(part, context), context);
  if (context.isWithheld === true) return { change, work: undefined };
  const own = updateWork(part, different, context);
  const work: Work = {
    ...own,
    userTags: sent === 'all' ? own.userTags : live.userTags,
    applied: sent === 'all' ? own.applied : keepMemory(comparison, different, context),
    enabled: live.disabled && desired.enabled !== false ? true : own.enabled,
    // A grant that was given elsewhere stands in the configuration.
    ...(sent === 'all' && !hasGrant(desired)
      ? {}
      : {
          grant: {
            connector: live.connector,
            name: sent === 'all' ? desired.name : live.name,
            providerData: desired.providerData,
          },
        }),
  };
  return { change, work };
}

/**
 * Whether the definition has a new grant that was given elsewhere for an instance that is logged out. The former one is not sent again, as the platform
 * renews its own: what a definition holds is old from the first renewal on (platform-facts D6).
 */
export function hasNewGivenGrant({ desired, live, compared }: Comparison, isLoggedOut: boolean): boolean {
  if (desired.externalAuthentication === undefined || desired.enabled === false) return false;
  if (!live.disabled && live.valid !== false && !isLoggedOut) return false;
  return compared.some((one) => one.field.key !== undefined && givenGrants.has(one.field.key) && isDifferent(one));
}

/** Configuration keys that a grant which was given elsewhere stands in (platform-api §3, platform-facts D5). */
const givenGrants: ReadonlySet<string> = new Set([
  'oauth.user.refresh_token',
  'oauth.user.token',
  'oauth.user.token.secret',
]);

/** Nothing but the app's own fields counts as different; the rest is left for an apply. */
function narrowToApp(comparison: Comparison, context: PlanContext): Comparison {
  const { desired, compared, removal } = comparison;
  const found = findApp(desired, knownConnector(desired.connector, context));
  const keys = new Set(found.ok ? found.keys : []);
  const ofApp = compared.filter(({ field }) => field.key !== undefined && keys.has(field.key));
  return { ...comparison, compared: ofApp, removal: { ...removal, setBack: [] } };
}

/** The memory stays what it is, but for what is sent. One that cannot be read says the same of what is as it should be, and nothing of the rest. */
function keepMemory(comparison: Comparison, different: readonly ComparedField[], context: PlanContext): AppliedVector {
  const { live, memory, compared } = comparison;
  const isSent = new Set(different.map(({ field }) => field.pointer));
  const settled = compared.filter((one) => !isDifferent(one) || isSent.has(one.field.pointer));
  const next = nextApplied({ ...comparison, compared: settled }, context);
  const applied = context.appliedOf(live);
  const isKept =
    memory.state === 'known' && memory.scope.id !== '' && memory.fingerprinter.check === context.fingerprinter.check;
  if (!isKept || applied === undefined || applied === 'damaged') return next;
  const names = new Set(different.map(({ field }) => context.fingerprinter.name(field.pointer)));
  const fresh = [...next.entries].filter(([name]) => names.has(name));
  return { ...applied, entries: new Map([...applied.entries, ...fresh]) };
}

/** What the provider gave, by name. None of it is shown, and none of it can be compared. */
function listGrantFields({ desired }: Comparison): readonly FieldChange[] {
  return [...desired.providerData.keys()].toSorted(compareText).map((name): FieldChange => ({
    field: toPointer('providerData', name),
    cause: 'definition',
    secret: true,
    meaning: { code: 'sent-again' },
    line: desired.at(toPointer('providerData', name)).line,
  }));
}

/**
 * The same plan, unless all that is wrong is that the instance is not logged in any more: then it waits for a person. What differs besides is sent
 * first, and the next plan says that it waits. One whose definition says that it is off is left in peace.
 */
export function orWaiting(
  planned: Planned,
  { desired, live }: Comparison,
  { isLoggedOut, context }: { readonly isLoggedOut: boolean; readonly context: PlanContext },
): Planned {
  const { change } = planned;
  if (change.action !== 'unchanged' || desired.enabled === false) return planned;
  const why = live.disabled ? 'disabled' : live.valid === false ? 'invalid' : isLoggedOut ? 'ping-failed' : undefined;
  if (why === undefined || consentKindOf(desired, context) === undefined) return planned;
  const references = desired.missingProviderData;
  const isGiven = references.length === 0 && hasGrant(desired);
  const reason: Reason = { code: 'login-gone', why, references, hasGrant: isGiven };
  return { change: withDigest({ ...change, action: 'reauthorize', reason }, [], context), work: undefined };
}
