import { likenessElsewhere } from '../definition/import/alike-names.ts';
import type { Definition } from '../model/definition.ts';
import type { Workspace } from '../model/environment.ts';
import type { OwnedInstance } from '../model/live.ts';
import { listNames } from './find-definition.ts';

interface AlikeSearch {
  /** All of the account. */
  readonly live: readonly OwnedInstance[];
  readonly workspace: Workspace;
}

/**
 * Key of the one definition whose connection this instance may be in another environment, as the names differ by words for environments only.
 * Undefined where none is, or where several of one environment are and no one more than the others.
 * @param definitions those without an instance in this environment
 */
export function findAlike(
  { connector, name }: OwnedInstance,
  definitions: readonly Definition[],
  { live, workspace }: AlikeSearch,
): string | undefined {
  const alike = definitions.flatMap((definition) => {
    if (definition.connector !== connector) return [];
    const names = listNames(definition, workspace);
    // One that is live under its own name is not to be taken for another.
    if (live.some((one) => one.connector === connector && names.includes(one.name))) return [];
    const found = names.map((known) => likenessElsewhere(known, name, workspace.environments.keys()));
    if (found.every((one) => one === 'none')) return [];
    return [{ definition, isWhole: found.includes('whole') }];
  });
  const whole = alike.filter(({ isWhole }) => isWhole);
  const best = (whole.length > 0 ? whole : alike).map(({ definition }) => definition);
  return best.length === 1 || areOfDifferentEnvironments(best) ? best[0]?.key : undefined;
}

/** Whether definitions may be one connection that was imported from several environments, each under its own name: any of them is the one to join. */
function areOfDifferentEnvironments(definitions: readonly Definition[]): boolean {
  const named = definitions.map(({ environments = [] }) => environments);
  return named.every(({ length }) => length > 0) && new Set(named.flat()).size === named.flat().length;
}
