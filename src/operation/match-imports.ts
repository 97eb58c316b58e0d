import { nameKey } from '../plan/index-live.ts';
import { isSameValue } from '../definition/import/same-value.ts';
import { toLiveConfiguration } from '../definition/import/live-configuration.ts';
import { stripHtml } from '../model/canonical-value.ts';
import type { Definition } from '../model/definition.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import { isOurs, type OurEnvironment, type OwnedInstance } from '../model/live.ts';
import { nearestSelection } from '../model/selection.ts';
import { UserError } from '../model/user-error.ts';

/** Ids of live instances by the key of the definition that is the same connection in other environments. */
export type GivenMatches = ReadonlyMap<string, string>;

/** A definition that the live instance becomes a part of. */
export interface JoiningMatch {
  readonly definition: Definition;
  /** Several have the connector and the name, and their values did not tell which is which. */
  readonly guessed: boolean;
}

export interface MatchingInput {
  /** All of the workspace, whichever environments they are for. */
  readonly definitions: readonly Definition[];
  /** What a definition says in the environment, without what is not set there; undefined when it cannot be read. */
  readonly desiredOf: (definition: Definition) => DesiredInstance | undefined;
  /** The names that a definition gives, here or in other environments. */
  readonly namesOf: (definition: Definition) => readonly string[];
  /** All instances of the account. */
  readonly live: readonly OwnedInstance[];
  readonly ours: OurEnvironment;
  readonly isShared: boolean;
  readonly given: GivenMatches;
}

/**
 * Finds for live instances without a definition the one that is the same connection in another environment, or waits for it in this one:
 * what `--match` says; the id below `adopt`; the same connector and name. Of several with one name, those whose values agree best; nothing
 * is taken from another definition or instance. Throws a UserError when `--match` names what is not there or not free.
 *
 * @param fit those to import that no definition of this environment is for
 */
export function matchImports(fit: readonly OwnedInstance[], input: MatchingInput): ReadonlyMap<string, JoiningMatch> {
  const matches = new Map<string, JoiningMatch>();
  const free = input.definitions.filter((definition) => !isSettled(definition, input));
  const taken = new Set<string>();
  const join = (live: OwnedInstance, definition: Definition, guessed: boolean): void => {
    matches.set(live.id, { definition, guessed });
    taken.add(definition.key);
  };
  for (const [key, id] of input.given) {
    const [live, definition] = checkGiven(key, id, { fit, free, all: input.definitions });
    join(live, definition, false);
  }
  for (const live of fit.filter(({ id }) => !matches.has(id))) {
    const place = { environment: input.ours.environment, isShared: input.isShared };
    const named = free.find((one) => !taken.has(one.key) && isAdoptedHere(one, live, place));
    if (named !== undefined) join(live, named, false);
  }
  const open = fit.filter(({ id }) => !matches.has(id));
  for (const alike of groupBy(open, (live) => nameKey(live)).values()) {
    const candidates = free.filter((one) => !taken.has(one.key) && isLike(one, alike, input)).toSorted(byKey);
    for (const { live, definition, guessed } of pair(alike, candidates, input)) join(live, definition, guessed);
  }
  return matches;
}

/** Whether the definition has its instance here already. */
function isSettled({ key }: Definition, { live, ours }: MatchingInput): boolean {
  return live.some(({ owner }) => isOurs(owner, ours) && owner?.key === key);
}

export interface AdoptPlace {
  readonly environment: string;
  /** Whether there is another environment that an id could be of. */
  readonly isShared: boolean;
}

/**
 * Whether `adopt` of a definition means this live instance. An id counts in its own environment only. One that is written for all environments
 * may be of another account: with several, it has to be the same connection by its name too.
 */
export function isAdoptedHere(
  definition: Definition,
  live: OwnedInstance,
  { environment, isShared }: AdoptPlace,
): boolean {
  const { adopt, environments, name } = definition;
  if (!isSameConnector(definition, live)) return false;
  if (typeof adopt === 'object') return Object.hasOwn(adopt, environment) && adopt[environment] === live.id;
  const isForHere = environments?.includes(environment) ?? true;
  const isOfHere = !isShared || environments?.length === 1 || stripHtml(name) === stripHtml(live.name);
  return adopt === live.id && isForHere && isOfHere;
}

/** Whether another instance is meant by `adopt`, be it there or not. */
function isPromised(definition: Definition, { live, ours, isShared }: MatchingInput): boolean {
  const { adopt } = definition;
  if (typeof adopt === 'object') return Object.hasOwn(adopt, ours.environment);
  return live.some((one) => isAdoptedHere(definition, one, { environment: ours.environment, isShared }));
}

/** As they were numbered: `sales`, `sales-2`, `sales-10`. */
function byKey({ key: a }: Definition, { key: b }: Definition): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

function isLike(definition: Definition, alike: readonly OwnedInstance[], input: MatchingInput): boolean {
  if (isPromised(definition, input)) return false;
  const labels = new Set(input.namesOf(definition).map((name) => nameKey({ connector: definition.connector, name })));
  return alike.some((live) => labels.has(nameKey(live)));
}

function isSameConnector({ connector }: Definition, live: OwnedInstance): boolean {
  return connector.toLowerCase() === live.connector.toLowerCase();
}

interface ScoredMatch extends JoiningMatch {
  readonly live: OwnedInstance;
  readonly score: number;
}

type Sided = Pick<ScoredMatch, 'live' | 'definition'>;

function isRival(one: Sided, other: Sided): boolean {
  return one !== other && (one.live === other.live || one.definition === other.definition);
}

/** The best pairs first; of equal ones the first, as both sides are in a fixed order. */
function pair(
  alike: readonly OwnedInstance[],
  candidates: readonly Definition[],
  input: MatchingInput,
): readonly ScoredMatch[] {
  const all = alike.flatMap((live) =>
    candidates.map((definition) => ({ live, definition, score: agreement(live, input.desiredOf(definition)) })),
  );
  const chosen: ScoredMatch[] = [];
  let left = all.toSorted((a, b) => b.score - a.score);
  for (let [best] = left; best !== undefined; [best] = left) {
    const { live, definition, score } = best;
    // One that is gone by now was as good, when this one was only what remained.
    const guessed = all.some((one) => isRival(one, best) && one.score === score);
    chosen.push({ live, definition, score, guessed });
    left = left.filter((one) => one.live !== live && one.definition !== definition);
  }
  return chosen;
}

/** How many values of the definition are those of the instance, less those that are not. */
function agreement(live: OwnedInstance, desired: DesiredInstance | undefined): number {
  const configuration = toLiveConfiguration(live);
  return [...(desired?.configuration ?? [])].reduce((sum, [key, wanted]) => {
    const found = configuration.get(key);
    if (found === undefined || found === null) return sum;
    return sum + (isSameValue(key, wanted, found) ? 1 : -1);
  }, 0);
}

interface MatchedSides {
  readonly fit: readonly OwnedInstance[];
  readonly free: readonly Definition[];
  readonly all: readonly Definition[];
}

function checkGiven(key: string, id: string, { fit, free, all }: MatchedSides): readonly [OwnedInstance, Definition] {
  const live = fit.find((one) => one.id === id);
  const definition = free.find((one) => one.key === key);
  if (live !== undefined && definition !== undefined && isSameConnector(definition, live)) return [live, definition];
  throw new UserError('match-not-possible', describeMismatch(key, id, { live, definition, all }), {
    kind: 'invalid',
    hint: hintOf(key, { definition, all }),
  });
}

interface FoundSides {
  readonly live?: OwnedInstance | undefined;
  readonly definition?: Definition | undefined;
  readonly all: readonly Definition[];
}

function describeMismatch(key: string, id: string, { live, definition, all }: FoundSides): string {
  if (!all.some((one) => one.key === key)) return `There is no definition ${key}.`;
  if (definition === undefined) return `The definition ${key} has an instance in this environment already.`;
  if (live === undefined) return `Instance ${id} is not among those to import: it is not there, or has a definition.`;
  return `Instance ${id} is of the connector ${live.connector}, and ${key} of ${definition.connector}.`;
}

function hintOf(key: string, { definition, all }: FoundSides): string {
  const nearest =
    definition === undefined
      ? nearestSelection(
          key,
          all.map((one) => one.key),
        )
      : undefined;
  const question = nearest === undefined || nearest === key ? '' : `Did you mean \`${nearest}\`?\n`;
  return `${question}No file was written. --match takes KEY=ID: the key of a definition, and the id of the same connection here.`;
}
