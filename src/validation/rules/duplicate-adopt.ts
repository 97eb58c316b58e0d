import { groupBy } from '../../model/group-by.ts';
import { isJsonObject } from '../../model/json.ts';
import { toPointer } from '../../model/position.ts';
import type { WorkspaceRule } from '../rule.ts';
import type { Outline, Path } from '../subject.ts';

interface AdoptUse {
  readonly outline: Outline;
  readonly path: Path;
  readonly id: string;
  readonly environment: string;
}

export const duplicateAdopt: WorkspaceRule = {
  code: 'duplicate-adopt',
  severity: 'error',
  message: 'Instance adopted twice',
  help: 'A live instance can belong to one definition only. If two adopted it, each would keep undoing the changes of the other.',
  checkAll: (outlines) =>
    [...groupBy(outlines.flatMap(usesOf), ({ environment, id }) => `${id} ${environment}`).values()].flatMap(
      ([first, ...others]) =>
        first === undefined
          ? []
          : others
              .filter(({ outline }) => outline !== first.outline)
              .map(({ outline, path, id, environment }) => ({
                outline,
                finding: {
                  path,
                  detail: `Another definition also adopts the instance ${id} in the environment \`${environment}\`.`,
                  hint: 'Keep `adopt` in the definition that the instance is for.',
                  related: [{ message: 'the first one', at: first.outline.document.at(toPointer(...first.path)) }],
                },
              })),
    ),
};

function usesOf(outline: Outline): readonly AdoptUse[] {
  const { adopt } = outline.fields;
  if (adopt === undefined) return [];
  return outline.environments.flatMap(({ name: environment }) => {
    const id = isJsonObject(adopt) ? adopt[environment] : adopt;
    const path = isJsonObject(adopt) ? ['adopt', environment] : ['adopt'];
    return typeof id === 'string' || typeof id === 'number' ? [{ outline, path, id: String(id), environment }] : [];
  });
}
