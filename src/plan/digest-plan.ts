import type { DesiredInstance } from '../model/desired.ts';
import { isWithheld } from '../model/canonical-value.ts';
import type { Digest, HashScope } from '../model/hashing.ts';
import { canonicalJson, type Json } from '../model/json.ts';
import type { Change, Plan } from '../model/plan.ts';
import type { ChangeDraft } from './change.ts';
import type { Comparison } from './diff-instance.ts';
import { type Field, listFirstFields } from './list-fields.ts';
import type { PlanContext } from './plan-context.ts';

/**
 * Digest over all that matters of a plan: the format, where it goes, and every change in order.
 * Not the commit or the tool's version, so that what was reviewed on a branch has the same digest after the merge;
 * and no unchanged instance, as nothing happens to it.
 */
export function digestPlan(plan: Omit<Plan, 'digest'>, digest: Digest): string {
  const { formatVersion, workspace, environment, target } = plan;
  const changes = plan.changes.filter((change) => change.action !== 'unchanged').map((change) => change.digest);
  return digest(
    canonicalJson([formatVersion, workspace, environment, target.baseUrl, target.account ?? null, changes]),
  );
}

/** What was wanted and observed, as text without any secret. */
type Evidence = readonly Json[];

/**
 * Completes a change with its digest: over what it does or why it does nothing (codes with their arguments, never words), what is
 * wanted (as keyed hashes, so that a rotated secret counts) and what was observed of the compared fields. Lines, file names, notes,
 * risks and meanings are left out: moving a line or a mere status does not make a reviewed change another one.
 */
export function withDigest(change: ChangeDraft, evidence: Evidence, { digest }: Pick<PlanContext, 'digest'>): Change {
  return { ...change, digest: digestChange(change, evidence, digest) };
}

/** The digest of a replace, which is one of the create that it ends with: so that a review of the one proves the other. */
export function digestReplace(change: DigestedParts, create: Pick<Change, 'digest'>, digest: Digest): string {
  return digestChange(change, [create.digest], digest);
}

/** What of a change its digest is over, besides what is wanted and observed. */
type DigestedParts = Pick<Change, 'key' | 'action' | 'connector' | 'name' | 'fields'> & {
  readonly id?: string | undefined;
  readonly previousKey?: string | undefined;
  readonly previousEnvironment?: string | undefined;
  readonly reason?: object | undefined;
};

function digestChange(change: DigestedParts, evidence: Evidence, digest: Digest): string {
  const {
    key,
    action,
    connector,
    name,
    id = null,
    previousKey = null,
    previousEnvironment = null,
    reason = null,
  } = change;
  const fields = change.fields.map(({ field, cause, secret, before = null, after = null }) => [
    field,
    cause,
    secret,
    before,
    after,
  ]);
  const text = canonicalJson([
    action,
    key,
    connector,
    name,
    id,
    previousKey,
    previousEnvironment,
    reason,
    fields,
    evidence,
  ]);
  return digest(text);
}

/** All that a new instance is made of, but for what is used once only (`providerData`: a grant code differs every time). */
export function createEvidence(desired: DesiredInstance, context: PlanContext): Evidence {
  const scope = { key: desired.key, id: '' };
  const values = listFirstFields(desired, context).map((field) => [field.pointer, hashWanted(context, scope, field)]);
  return [values, desired.externalAuthentication ?? null];
}

/** Both sides of every compared field; null where nothing is shown, true where both are the same. */
export function compareEvidence({ compared, desired, live: { id } }: Comparison, context: PlanContext): Evidence {
  const scope = { key: desired.key, id };
  return compared.map(({ field, verdict }) => {
    const { pointer, live } = field;
    const wanted = hashWanted(context, scope, field);
    if (live === undefined) return [pointer, wanted, null];
    return [pointer, wanted, verdict === 'equal' ? true : context.fingerprinter.value(scope, pointer, live)];
  });
}

/** What is withheld counts by its reference, which is never like a value. */
function hashWanted(
  { fingerprinter }: Pick<PlanContext, 'fingerprinter'>,
  scope: HashScope,
  { pointer, desired }: Pick<Field, 'pointer' | 'desired'>,
): string {
  return isWithheld(desired)
    ? fingerprinter.reference(scope, pointer, desired)
    : fingerprinter.value(scope, pointer, desired);
}
