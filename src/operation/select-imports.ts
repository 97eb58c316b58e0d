import type { OwnedInstance } from '../model/live.ts';
import { UserError } from '../model/user-error.ts';

/** Which live instances to import; exactly one of them is given. */
export type ImportSelection =
  | { readonly ids: readonly string[] }
  | { readonly connector: string }
  /** All that nobody manages. */
  | { readonly all: true };

/**
 * The instances that are meant, sorted by id. Throws a UserError when an id is not there, or belongs to another workspace:
 * it would be stopped by the next plan anyway.
 */
export function selectImports(
  live: readonly OwnedInstance[],
  selection: ImportSelection,
  workspace: string,
): readonly OwnedInstance[] {
  const sorted = live.toSorted((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  if ('ids' in selection) return selectIds(sorted, selection.ids, workspace);
  const unmanaged = sorted.filter((one) => one.owner === undefined && one.claims === undefined);
  if ('all' in selection) return unmanaged;
  const wanted = selection.connector.toLowerCase();
  return unmanaged.filter((one) => one.connector.toLowerCase() === wanted);
}

function selectIds(
  live: readonly OwnedInstance[],
  ids: readonly string[],
  workspace: string,
): readonly OwnedInstance[] {
  const byId = new Map(live.map((one) => [one.id, one]));
  const missing = ids.filter((id) => !byId.has(id));
  if (missing.length > 0) {
    throw new UserError('unknown-id', `There is no instance with id ${missing.join(', ')}.`, {
      kind: 'invalid',
      hint: 'No file was written. The platform shows only the instances of the user whose secret is used.',
    });
  }
  const chosen = ids.flatMap((id) => byId.get(id) ?? []);
  const foreign = chosen.filter((one) => one.claims !== undefined || isForeign(one, workspace));
  if (foreign.length === 0) return chosen;
  throw new UserError('foreign-instance', `Another workspace manages ${foreign.map(describe).join(', ')}.`, {
    kind: 'refused',
    hint: 'No file was written. Have it released there first: two repositories must not manage one instance.',
  });
}

function isForeign({ owner }: OwnedInstance, workspace: string): boolean {
  return owner !== undefined && owner.workspace !== workspace;
}

function describe({ id, owner }: OwnedInstance): string {
  return owner === undefined ? id : `${id} (${owner.workspace})`;
}
