import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { groupBy } from '../model/group-by.ts';
import type { Fingerprinter } from '../model/hashing.ts';
import type { AppliedEntry, OwnedInstance } from '../model/live.ts';
import { stripHtml } from '../model/canonical-value.ts';
import { diffInstance, isDifferent } from './diff-instance.ts';
import { idsOf, isOtherConnector, nameKey } from './index-live.ts';
import type { Match } from './match.ts';
import { appliedKeyOf, readOwnMemory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** A definition whose instance connector and name may tell. */
export interface Renamed {
  readonly desired: DesiredInstance;
  /** The instance with its key tag, when connector and name do not say that it is meant. */
  readonly holder?: OwnedInstance | undefined;
}

/** A definition and the only instance with its connector and name. */
interface RenamedPair extends Renamed {
  readonly live: OwnedInstance;
}

/**
 * Matches by connector and name what the key tags do not settle: a key that vanished and a new one are the same instance, and files
 * that traded places keep their connections. What does not stand in the answer is as the key tags say.
 *
 * A key tag goes to another instance only when the one that carries it gets another key in the same plan. Where that is not certain,
 * or where names alone traded places and the settings did not, it is a conflict: neither settings nor a key must pass from one
 * connection to another by mistake.
 */
export function matchRenamed(
  wanted: readonly Renamed[],
  orphans: readonly OwnedInstance[],
  context: PlanContext,
): ReadonlyMap<string, Match> {
  const holders = wanted.flatMap(({ holder }) => holder ?? []);
  const labelOf = createLabels(wanted, context);
  const candidates = groupBy([...orphans, ...holders], labelOf);
  const groups = [...groupBy(wanted, ({ desired }) => nameKey(desired))].map(([label, group]) => ({
    group,
    from: candidates.get(label) ?? [],
  }));

  const pairs = groups
    .flatMap(({ group, from }) => pairOf(group, from) ?? [])
    .filter((pair) => !isNameAlone(pair, context));
  const moves = selectPossible(pairs);
  const movedTo = new Map([...moves.values()].map(({ live, desired }) => [live.id, desired.key]));
  const meant = new Map(groups.flatMap(({ group, from }) => group.map((one) => [one.desired.key, from] as const)));
  const wantedElsewhere = new Set(idsOf([...meant.values()].flat()));

  const matches = wanted.flatMap((one): readonly Match[] => {
    const { desired, holder } = one;
    const pair = moves.get(desired.key);
    const after = holder === undefined ? undefined : movedTo.get(holder.id);
    if (pair !== undefined) return [{ kind: 'move', desired, live: pair.live, after }];
    const from = meant.get(desired.key) ?? [];
    if (from.length > 0) return [unclear(one, from, wanted)];
    if (after !== undefined) return [{ kind: 'new', desired, sameNameElsewhere: [], isNameOwned: false, after }];
    // Its name is new, and whose its connection is depends on another definition that is in conflict.
    return holder !== undefined && wantedElsewhere.has(holder.id) ? [unclear(one, [holder], wanted)] : [];
  });
  return new Map(matches.map((match) => [match.desired.key, match]));
}

function pairOf(group: readonly Renamed[], from: readonly OwnedInstance[]): RenamedPair | undefined {
  const [[one], [live]] = [group, from];
  return group.length === 1 && from.length === 1 && one !== undefined && live !== undefined
    ? { ...one, live }
    : undefined;
}

/** Whether a definition has got the name of another instance and still asks for the settings of the one with its key. */
function isNameAlone({ desired, holder, live }: RenamedPair, context: PlanContext): boolean {
  return holder !== undefined && hasSettings(desired, holder, context) && !hasSettings(desired, live, context);
}

/** Whether the configuration of an instance is as the definition says, as far as the platform shows it or its memory tells. */
function hasSettings(desired: DesiredInstance, live: OwnedInstance, context: PlanContext): boolean {
  const { compared } = diffInstance(desired, live, { appliedKey: appliedKeyOf(live), resend: 'nothing', context });
  return compared.every((one) => one.field.key === undefined || !isDifferent(one));
}

/** Those of the pairs whose key gets free, because its present holder moves too. Answers them by key. */
function selectPossible(pairs: readonly RenamedPair[]): ReadonlyMap<string, RenamedPair> {
  const possible = new Map(pairs.map((pair) => [pair.desired.key, pair]));
  const byLive = new Map(pairs.map((pair) => [pair.live.id, pair]));
  const byHolder = new Map(
    pairs.flatMap((pair) => (pair.holder === undefined ? [] : [[pair.holder.id, pair] as const])),
  );
  const stuck = pairs.filter(({ holder }) => holder !== undefined && !byLive.has(holder.id));
  for (let pair = stuck.pop(); pair !== undefined; pair = stuck.pop()) {
    possible.delete(pair.desired.key);
    // The instance of the pair keeps its key, so that whoever wants that key is stuck as well.
    const next = byHolder.get(pair.live.id);
    if (next !== undefined) stuck.push(next);
  }
  return possible;
}

function unclear({ desired, holder }: Renamed, from: readonly OwnedInstance[], wanted: readonly Renamed[]): Match {
  const label = nameKey(desired);
  const keys = wanted.flatMap((one) => (nameKey(one.desired) === label ? [one.desired.key] : [])).toSorted(compareText);
  const hasLost = holder === undefined && from.every(({ owner }) => !wanted.some((one) => one.holder?.owner === owner));
  return {
    kind: 'conflict',
    desired,
    reason: hasLost
      ? { code: 'ambiguous-move', instances: idsOf(from), keys }
      : { code: 'unclear-rename', key: desired.key, holder: holder?.id ?? null, instances: idsOf(from) },
    among: holder === undefined ? from : [...new Set([holder, ...from])],
  };
}

/** Whether an instance has the connector and the name of a definition, as they are shown or as they were last applied. */
export function hasNameOf(desired: DesiredInstance, live: OwnedInstance, context: PlanContext): boolean {
  if (nameKey(desired) === nameKey(live)) return true;
  if (isOtherConnector(desired, live)) return false;
  const applied = appliedName(live, context);
  return applied !== undefined && applied.entry.value === hashName(desired, applied.fingerprinter);
}

/** Where the platform spells the name its own way, the memory tells which of the names it was made from. */
function createLabels(wanted: readonly Renamed[], context: PlanContext): (live: OwnedInstance) => string {
  const known = new Map<string, ReadonlyMap<string, string>>();
  const namesBy = (fingerprinter: Fingerprinter): ReadonlyMap<string, string> => {
    const names =
      known.get(fingerprinter.check) ??
      new Map(wanted.map(({ desired }) => [hashName(desired, fingerprinter), desired.name] as const));
    known.set(fingerprinter.check, names);
    return names;
  };
  return (live) => {
    const applied = appliedName(live, context);
    if (applied?.entry.echo === undefined) return nameKey(live);
    const name = namesBy(applied.fingerprinter).get(applied.entry.value);
    return nameKey({ connector: live.connector, name: name ?? live.name });
  };
}

/** The hash of a name is bound to no definition, so that it is looked up however many there are. */
function hashName({ name }: DesiredInstance, fingerprinter: Fingerprinter): string {
  return fingerprinter.value({ key: '', id: '' }, '/name', stripHtml(name));
}

/** What the memory says of the name, and what the hashes were made with. */
interface AppliedName {
  readonly entry: AppliedEntry;
  readonly fingerprinter: Fingerprinter;
}

function appliedName(live: OwnedInstance, context: PlanContext): AppliedName | undefined {
  const memory = readOwnMemory(live, context);
  if (memory.state !== 'known') return undefined;
  const { fingerprinter } = memory;
  const entry = memory.entries.get(fingerprinter.name('/name'));
  return entry === undefined ? undefined : { entry, fingerprinter };
}
