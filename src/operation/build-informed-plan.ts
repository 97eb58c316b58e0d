import { isOurs } from '../model/live.ts';
import type { PlatformReader } from '../model/platform.ts';
import { isSelected } from '../model/selection.ts';
import { buildPlan, type BuiltPlan, draftPlan, type PlanInput, type PlanTools } from '../plan/build-plan.ts';
import { listOwned } from './guard-plan.ts';
import { type ConnectorSource, isServed, nameMissing } from './read-connectors.ts';
import { type HealthOptions, readHealth } from './read-health.ts';

/** A plan, and all that it was made of. */
export interface Catalogued {
  readonly built: BuiltPlan;
  readonly input: PlanInput;
}

/**
 * The catalogue is asked only about connectors that something happens to, which a draft tells. Where nothing of ours stands yet no draft is needed:
 * something happens to all.
 */
export async function buildWithCatalogue(
  input: PlanInput,
  tools: PlanTools,
  { source, directory }: { readonly source: ConnectorSource; readonly directory: string },
): Promise<Catalogued> {
  const isBeginning = !input.live.some(({ owner }) => isOurs(owner, input));
  const draft = isBeginning ? { asked: listWanted(input) } : draftPlan(input, tools, isServed);
  if ('built' in draft) return { built: draft.built, input };
  // What one change is may depend on it, and so does the digest of the whole.
  const { known, missing } = await source.readAll(draft.asked);
  const missingConnectors = await nameMissing(missing, input.live, directory);
  const informed = { ...input, connectors: known, missingConnectors };
  return { built: buildPlan(informed, tools), input: informed };
}

/** Connectors of the definitions that were selected and lack no value. */
function listWanted({ desired, ...selection }: PlanInput): readonly string[] {
  const wanted = desired.filter(({ key, unset }) => unset === undefined && isSelected(key, selection));
  return wanted.map(({ connector }) => connector);
}

/** The keys that a plan is about. */
function listKeys({ plan: { changes }, unchanged }: BuiltPlan): readonly string[] {
  return [...changes, ...unchanged].map(({ key }) => key);
}

/** The plan once more, with what there is to say of how its instances are. */
export async function buildWithHealth(
  { built, input }: Catalogued,
  tools: PlanTools,
  {
    reader,
    source,
    ping,
    concurrency,
    notice,
  }: { readonly reader: PlatformReader; readonly source: ConnectorSource } & Pick<
    HealthOptions,
    'ping' | 'concurrency' | 'notice'
  >,
): Promise<BuiltPlan> {
  const defined = new Set(built.whole === undefined ? input.desired.map(({ key }) => key) : listKeys(built));
  const owned = listOwned({ ours: input, live: input.live }).filter(({ owner }) => defined.has(owner?.key ?? ''));
  const health = await readHealth(built.plan, owned, reader, { ping, concurrency, notice, selection: input });
  const { notes, loggedOut } = health;
  if (notes.size === 0) return built;
  // Whether a person has to log in again follows from the connector.
  const gone = input.live.filter(({ id }) => loggedOut.has(id)).map(({ connector }) => connector);
  const { known } = await source.readAll(gone);
  const connectors = new Map([...input.connectors, ...known]);
  return buildPlan({ ...input, connectors, health: notes, loggedOut }, tools);
}
