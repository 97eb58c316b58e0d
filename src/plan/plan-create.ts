import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Note, Reason, Risk } from '../model/plan-codes.ts';
import type { Change, FieldChange } from '../model/plan.ts';
import type { CreateRequest } from '../model/work.ts';
import { buildNewField } from './build-field-change.ts';
import { type ChangeDraft, draftFor, type Planned, type Work } from './change.ts';
import { createEvidence, digestReplace, withDigest } from './digest-plan.ts';
import { environmentsOf, idsOf } from './index-live.ts';
import { consentKindOf, waitsForGrant } from './find-grant.ts';
import { findReplaceRisks } from './find-risks.ts';
import { listFirstFields } from './list-fields.ts';
import type { PlanContext } from './plan-context.ts';
import { firstApplied } from './record-applied.ts';
import { findSharers } from './shared-secrets.ts';

/** What stands around a new definition. */
interface Surroundings {
  /** Ours: some of those of the same name may belong to other environments of it. */
  readonly workspace: string;
  /** Others with its connector and name. */
  readonly sameNameElsewhere: readonly OwnedInstance[];
  /** The old instance, when a replace was stopped. The new one takes over its tags, as it would have then. */
  readonly predecessor?: OwnedInstance | undefined;
}

/** A definition without a live instance is created, or waits for a person when a grant is missing. */
export function planCreate(
  desired: DesiredInstance,
  { workspace, sameNameElsewhere, predecessor }: Surroundings,
  context: PlanContext,
): Planned {
  const waits = waitsForGrant(desired, context);
  const draft = {
    ...draftNew(waits ? 'authorize' : 'create', desired, context),
    notes: [...listNameNotes(workspace, sameNameElsewhere), ...listSecretNotes(desired, context)],
  };
  const evidence = createEvidence(desired, context);
  if (!waits && context.isWithheld === true) return { change: withDigest(draft, evidence, context), work: undefined };
  if (!waits) {
    const work = createWork(desired, context);
    const userTags = desired.tags ?? predecessor?.userTags ?? work.userTags;
    return { change: withDigest(draft, evidence, context), work: { ...work, userTags } };
  }
  const reason: Reason = {
    code: 'grant-missing',
    references: desired.missingProviderData,
    ...(consentKindOf(desired, context) === undefined ? {} : { needsConsent: true }),
  };
  return { change: withDigest({ ...draft, reason }, evidence, context), work: undefined };
}

/** What a new instance is made of, as a change. */
function draftNew(action: 'create' | 'authorize', desired: DesiredInstance, context: PlanContext): ChangeDraft {
  const fields = listFirstFields(desired, context).map((field) => buildNewField(field, desired));
  return { ...draftFor(action, desired), fields };
}

/** Secrets that instances of other definitions send already, and to another address. */
function listSecretNotes(desired: DesiredInstance, context: PlanContext): readonly Note[] {
  const login = [...desired.providerData].map(([key, value]) => [`providerData.${key}`, value] as const);
  const values = [...desired.configuration, ...login].toSorted(([a], [b]) => compareText(a, b));
  return values.flatMap(([key, value]): readonly Note[] => {
    const sharers = findSharers(value, desired, 'standing', context);
    return sharers === undefined ? [] : [{ code: 'secret-used-elsewhere', key, ...sharers }];
  });
}

function listNameNotes(workspace: string, all: readonly OwnedInstance[]): readonly Note[] {
  const near = all.filter(({ owner }) => owner?.workspace === workspace);
  const far = all.filter(({ owner }) => owner?.workspace !== workspace);
  const workspaces = [...new Set(far.map(({ owner }) => owner?.workspace ?? ''))];
  return [
    ...(near.length === 0
      ? []
      : [
          {
            code: 'same-name-other-environment' as const,
            instances: idsOf(near),
            environments: environmentsOf(near),
          },
        ]),
    ...(far.length === 0 ? [] : [{ code: 'same-name-elsewhere' as const, instances: idsOf(far), workspaces }]),
  ];
}

/**
 * Another connector means another instance: id, token and event history are lost.
 * A `reason` on the change means that it is refused; then there is no work.
 *
 * The work holds `create` and the `id` of the old instance. Must be carried out in this order: the old one gives its key and its memory
 * away for `toRetiredKey(key)`, the new one is made, the old one is deleted. At no time may two instances carry one key;
 * stopped in between, the old one is an orphan that is kept until the new one is there.
 */
export function planReplace(
  desired: DesiredInstance,
  live: OwnedInstance,
  { allowReplace, context }: { readonly allowReplace: boolean; readonly context: PlanContext },
): Planned {
  const draft = {
    ...draftFor('replace', desired, live),
    fields: [connectorChange(desired, live)],
    risks: [identityRisk(desired), ...findReplaceRisks(desired, live, context)],
    notes: listSecretNotes(desired, context),
  };
  const create = withDigest(draftNew('create', desired, context), createEvidence(desired, context), context);
  const reason = refuseReplace(desired, live, { allowReplace, context });
  const digested = (whole: ChangeDraft): Change => ({ ...whole, digest: digestReplace(whole, create, context.digest) });
  if (reason !== undefined) return { change: digested({ ...draft, reason }), work: undefined };
  if (context.isWithheld === true) return { change: digested(draft), work: undefined };
  const work = { ...createWork(desired, context), id: live.id, userTags: desired.tags ?? live.userTags };
  return { change: digested(draft), work };
}

function refuseReplace(
  desired: DesiredInstance,
  live: OwnedInstance,
  { allowReplace, context }: { readonly allowReplace: boolean; readonly context: PlanContext },
): Reason | undefined {
  const { protect, missingProviderData: references } = desired;
  const connectors = { from: live.connector, to: desired.connector };
  if (protect) return { code: 'replace-protected', ...connectors };
  if (!allowReplace) return { code: 'replace-not-allowed', ...connectors };
  return waitsForGrant(desired, context) ? { code: 'replace-grant-missing', ...connectors, references } : undefined;
}

function connectorChange(desired: DesiredInstance, live: OwnedInstance): FieldChange {
  return {
    field: '/connector',
    cause: 'definition',
    secret: false,
    before: live.connector,
    after: desired.connector,
    line: desired.at('/connector').line,
  };
}

function identityRisk(desired: DesiredInstance): Risk {
  return { code: 'identity-will-change', line: desired.at('/connector').line };
}

/** What has to be sent for a new instance. */
function createWork(desired: DesiredInstance, context: PlanContext): Work {
  return {
    key: desired.key,
    userTags: desired.tags ?? [],
    applied: firstApplied(desired, context),
    create: createRequest(desired),
    // A new instance comes switched on (platform-api §3).
    enabled: desired.enabled === false ? false : undefined,
  };
}

/** What is sent to make the instance. Ignored keys are part of it. */
function createRequest(desired: DesiredInstance): Omit<CreateRequest, 'tags'> {
  const { connector, name, configuration, providerData, externalAuthentication } = desired;
  return { connector, name, configuration, providerData, externalAuthentication };
}
