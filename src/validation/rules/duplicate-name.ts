import type { Environment } from '../../model/environment.ts';
import { groupBy } from '../../model/group-by.ts';
import { toPointer } from '../../model/position.ts';
import { fillVariables } from '../../definition/references.ts';
import type { WorkspaceRule } from '../rule.ts';
import { quote } from '../show-text.ts';
import type { Outline, Path, View } from '../subject.ts';

/** A name that is in force in one environment. */
interface NameUse {
  readonly outline: Outline;
  readonly path: Path;
  readonly connector: string;
  readonly name: string;
  readonly environment: string;
}

export const duplicateName: WorkspaceRule = {
  code: 'duplicate-name',
  severity: 'warning',
  message: 'Duplicate name',
  help: 'The platform allows two instances with one name. People and event callbacks tell instances apart by name, and an instance that was created manually is recognized by connector and name.',
  checkAll: (outlines) => {
    const uses = outlines.flatMap((outline) => outline.views.flatMap((view) => usesOf(outline, view)));
    const groups = groupBy(uses, ({ environment, connector, name }) => JSON.stringify([environment, connector, name]));
    return onePerPair([...groups.values()].flatMap(pairsOf)).map(({ first, second }) => ({
      outline: second.outline,
      finding: {
        path: second.path,
        detail: `Another definition of \`${second.connector}\` has the name ${quote(second.name)} in the environment \`${second.environment}\` too.`,
        hint: 'Give one of them a different name, or different `environments`.',
        related: [{ message: 'the first one', at: first.outline.document.at(toPointer(...first.path)) }],
      },
    }));
  },
};

function usesOf(outline: Outline, view: View): readonly NameUse[] {
  const { connector } = outline.fields;
  const { value, path } = view.name;
  if (typeof connector !== 'string' || typeof value !== 'string' || value === '') return [];
  return view.environments.flatMap((environment: Environment) => {
    const name = fillVariables(value, environment.vars);
    return name === undefined ? [] : [{ outline, path, connector, name, environment: environment.name }];
  });
}

interface Pair {
  readonly first: NameUse;
  readonly second: NameUse;
}

function pairsOf([first, ...others]: readonly NameUse[]): readonly Pair[] {
  return first === undefined ? [] : others.map((second) => ({ first, second }));
}

/** The same two places in several environments are one problem. */
function onePerPair(pairs: readonly Pair[]): readonly Pair[] {
  const seen = new Map<Outline, Set<string>>();
  return pairs.filter(({ second }) => {
    const places = seen.get(second.outline) ?? new Set();
    seen.set(second.outline, places);
    const place = toPointer(...second.path);
    return !places.has(place) && Boolean(places.add(place));
  });
}
