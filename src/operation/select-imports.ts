import { isOurs, type OurEnvironment, type OwnedInstance } from '../model/live.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { UserError } from '../model/user-error.ts';

/** Which live instances to import; exactly one of them is given. */
export type ImportSelection =
  | { readonly ids: readonly string[] }
  | { readonly connector: string }
  /** All that nobody manages. */
  | { readonly all: true };

/**
 * The instances that are meant, sorted by id. Throws a UserError when an id is not there, or belongs to another workspace or environment:
 * it would be stopped by the next plan anyway.
 */
export function selectImports(
  live: readonly OwnedInstance[],
  selection: ImportSelection,
  ours: OurEnvironment,
): readonly OwnedInstance[] {
  const sorted = live.toSorted((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  if ('ids' in selection) return selectIds(sorted, selection.ids, ours);
  const unmanaged = sorted.filter((one) => one.owner === undefined && one.claims === undefined);
  if ('all' in selection) return unmanaged;
  const wanted = selection.connector.toLowerCase();
  if (!live.some((one) => one.connector.toLowerCase() === wanted)) throw noneOf(selection.connector, live);
  return unmanaged.filter((one) => one.connector.toLowerCase() === wanted);
}

/** A connector of which there is nothing is more likely misspelt than done with. */
function noneOf(connector: string, live: readonly OwnedInstance[]): UserError {
  const meant = didYouMean(
    connector,
    live.map((one) => one.connector),
  );
  return new UserError('connector-not-there', `There is no instance of a connector ${connector}.`, {
    kind: 'invalid',
    hint: `${meant === undefined ? '' : `${meant} `}No file was written. The platform shows only the instances that the user of these credentials can see.`,
  });
}

function selectIds(
  live: readonly OwnedInstance[],
  ids: readonly string[],
  ours: OurEnvironment,
): readonly OwnedInstance[] {
  const byId = new Map(live.map((one) => [one.id, one]));
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length > 0) {
    throw new UserError('unknown-id', `There is no instance with id ${missing.join(', ')}.`, {
      kind: 'invalid',
      hint: 'No file was written. The platform shows only the instances that the user of these credentials can see.',
    });
  }
  const chosen = ids.flatMap((id) => byId.get(id) ?? []);
  const foreign = chosen.filter((one) => one.claims !== undefined || isForeign(one, ours));
  if (foreign.length === 0) return chosen;
  const isNear = foreign.every(({ owner }) => owner?.workspace === ours.workspace);
  const who = isNear ? 'Another environment' : 'Another workspace';
  throw new UserError('foreign-instance', `${who} manages ${foreign.map((one) => describe(one, ours)).join(', ')}.`, {
    kind: 'refused',
    hint: 'No file was written. Release it there first: two environments must not manage the same instance.',
  });
}

function isForeign({ owner }: OwnedInstance, ours: OurEnvironment): boolean {
  return owner !== undefined && !isOurs(owner, ours);
}

function describe({ id, owner }: OwnedInstance, ours: OurEnvironment): string {
  if (owner === undefined) return id;
  return `${id} (${owner.workspace === ours.workspace ? owner.environment : owner.workspace})`;
}
