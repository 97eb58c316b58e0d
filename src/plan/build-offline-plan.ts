import type { DesiredInstance, DesiredValue } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Change, Note, OfflineBase, Plan } from '../model/plan.ts';
import { Secret } from '../model/secret.ts';
import { buildPlan, type PlanInput } from './build-plan.ts';
import { listWords } from './match.ts';
import { type PlanContext, type PlanTools, toContext } from './plan-context.ts';
import { toFirstApplied } from './record-applied.ts';

interface OfflineInput extends Omit<PlanInput, 'live' | 'connectors' | 'resend'> {
  /** What the base wants of the same environment. Empty when it stood on another platform. */
  readonly base: readonly DesiredInstance[];
  /** Name of the workspace that the base belongs to. */
  readonly baseWorkspace: string;
  readonly offline: OfflineBase;
}

/**
 * Compares two sets of definitions as if the platform held exactly what the base wants: the same matching, the same comparison,
 * the same risks as `buildPlan`. Must be given secrets that stand for their references (`referenceSecrets`).
 * No digest in it can be one of a plan that was made with the platform.
 */
export function buildOfflinePlan(input: OfflineInput, tools: PlanTools): Plan {
  const { base, baseWorkspace, offline, ...rest } = input;
  const marked: PlanTools = { ...tools, isOffline: true, digest: (text) => `offline:${tools.digest(text)}` };
  const context = toContext(marked);
  const images = base.map((one) => toImage(one, baseWorkspace, context));
  const imagined = new Set(images.map(({ id }) => id));
  const named = rest.desired.flatMap((one) => toStranger(one, imagined));
  const live = [...images, ...new Map(named.map((one) => [one.id, one])).values()];

  const { plan } = buildPlan({ ...rest, live, connectors: new Map() }, marked);
  const desired = new Map(rest.desired.map((one) => [one.key, one]));
  return { ...plan, changes: plan.changes.map((change) => toShown(change, desired.get(change.key))), offline };
}

/** The instance as it is once the base is applied. */
function toImage(base: DesiredInstance, workspace: string, context: PlanContext): OwnedInstance {
  const tags = base.tags ?? [];
  return {
    id: base.adopt ?? `of ${base.key}`,
    connector: base.connector,
    name: base.name,
    tags,
    userTags: tags,
    configuration: new Map([...base.configuration].map(([key, value]) => [key, toLiveValue(value)])),
    disabled: base.enabled === false,
    owner: { workspace, key: base.key },
    applied: toFirstApplied(base, context),
  };
}

/** The platform makes text of all values (platform-api §7). */
function toLiveValue(value: DesiredValue): string | Secret | null {
  if (value instanceof Secret || value === null) return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The instance that a definition means to take over, of which only the id is known. */
function toStranger(desired: DesiredInstance, known: ReadonlySet<string>): readonly OwnedInstance[] {
  const { adopt, connector, name } = desired;
  if (adopt === undefined || known.has(adopt)) return [];
  return [{ id: adopt, connector, name, tags: [], userTags: [], configuration: new Map(), disabled: false }];
}

/** Ids that nobody knows are left out, and so is what only the platform could say. */
function toShown({ id, ...change }: Change, desired: DesiredInstance | undefined): Change {
  const kept = id === undefined || id !== desired?.adopt ? change : { ...change, id };
  if (change.action === 'adopt') return { ...kept, fields: [], risks: [], notes: [unknownInstance] };
  if (change.action !== 'create') return kept;
  return { ...kept, notes: [...change.notes, ...listGrantNotes(desired)] };
}

const unknownInstance: Note = {
  code: 'not-known-offline',
  message: 'Which of its values change when it is taken over is not known without asking the platform.',
};

function listGrantNotes(desired: DesiredInstance | undefined): readonly Note[] {
  const values = [...(desired?.providerData.values() ?? [])];
  const origins = [...new Set(values.flatMap((value) => (value instanceof Secret ? [value.origin] : [])))];
  if (origins.length === 0) return [];
  const message = `It is made with ${listWords(origins)}, and waits for a person while that is not set.`;
  return [{ code: 'needs-grant', message }];
}
