import { isStructured, writeJson } from '../model/json.ts';
import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { OwnedInstance, OwningEnvironment } from '../model/live.ts';
import type { Note } from '../model/plan-codes.ts';
import type { Change, OfflineBase, Plan } from '../model/plan.ts';
import { Secret } from '../model/secret.ts';
import { buildPlan, type PlanInput } from './build-plan.ts';
import { createContext, type PlanContext, type PlanTools } from './plan-context.ts';
import { firstApplied } from './record-applied.ts';

interface OfflineInput extends Omit<PlanInput, 'live' | 'connectors'> {
  /** What the base wants of the same environment. Empty when it stood on another platform. */
  readonly base: readonly DesiredInstance[];
  /** The environment that the base belongs to, by its names there. */
  readonly baseOwner: OwningEnvironment;
  readonly offline: OfflineBase;
}

/**
 * Compares two sets of definitions as if the platform held exactly what the base wants: the same matching, the same comparison,
 * the same risks as `buildPlan`. Must be given secrets that stand for their references (`referenceSecrets`).
 * No digest in it can be one of a plan that was made with the platform.
 */
export function buildOfflinePlan(input: OfflineInput, tools: PlanTools): Plan {
  const { base, baseOwner, offline, ...rest } = input;
  const marked: PlanTools = { ...tools, isOffline: true, digest: (text) => `offline:${tools.digest(text)}` };
  const context = createContext(marked);
  const projected = base.map((one) => projectInstance(one, baseOwner, context));
  const known = new Set(projected.map(({ id }) => id));
  const external = rest.desired.flatMap((one) => projectAdopted(one, known));
  const live = [...projected, ...new Map(external.map((one) => [one.id, one])).values()];

  const { plan } = buildPlan({ ...rest, live, connectors: new Map() }, marked);
  const desired = new Map(rest.desired.map((one) => [one.key, one]));
  return { ...plan, changes: plan.changes.map((change) => showOffline(change, desired.get(change.key))), offline };
}

/** The instance as it is once the base is applied. */
function projectInstance(base: DesiredInstance, owner: OwningEnvironment, context: PlanContext): OwnedInstance {
  const tags = base.tags ?? [];
  const id = base.adopt ?? `of ${base.key}`;
  return {
    id,
    connector: base.connector,
    name: base.name,
    tags,
    userTags: tags,
    configuration: new Map([...base.configuration].map(([key, value]) => [key, projectValue(value)])),
    disabled: base.enabled === false,
    owner: { ...owner, key: base.key },
    applied: firstApplied(base, context, id),
  };
}

/** The platform makes text of all values (platform-api §7). */
function projectValue(value: DesiredValue): string | Secret | null {
  if (value instanceof Secret || value === null) return value;
  return isStructured(value) ? writeJson(value) : String(value);
}

/** The instance that a definition means to take over, of which only the id is known. */
function projectAdopted(desired: DesiredInstance, known: ReadonlySet<string>): readonly OwnedInstance[] {
  const { adopt, connector, name } = desired;
  if (adopt === undefined || known.has(adopt)) return [];
  return [{ id: adopt, connector, name, tags: [], userTags: [], configuration: new Map(), disabled: false }];
}

/** Ids that nobody knows are left out, and so is what only the platform could say. */
function showOffline({ id, ...change }: Change, desired: DesiredInstance | undefined): Change {
  const kept = id === undefined || id !== desired?.adopt ? change : { ...change, id };
  if (change.action === 'adopt') return { ...kept, fields: [], risks: [], notes: [{ code: 'not-known-offline' }] };
  if (change.action !== 'create') return kept;
  return { ...kept, notes: [...change.notes, ...listGrantNotes(desired)] };
}

function listGrantNotes(desired: DesiredInstance | undefined): readonly Note[] {
  const values = [...(desired?.providerData.values() ?? [])];
  const references = [...new Set(values.flatMap((value) => (value instanceof Secret ? [value.origin] : [])))];
  return references.length === 0 ? [] : [{ code: 'needs-grant', references }];
}
