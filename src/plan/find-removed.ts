import { type Canonical, canonicalLive, isComparedAsJson, isSame } from '../model/canonical-value.ts';
import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Fingerprinter } from '../model/hashing.ts';
import type { AppliedTags, FormerNames, OwnedInstance } from '../model/live.ts';
import { isStandIn, looksMasked } from '../model/placeholder.ts';
import { isPlatformKey } from '../model/platform-keys.ts';
import type { Pointer } from '../model/position.ts';
import { isHidden, isKnownSecret } from './list-fields.ts';
import { type KnownMemory, type Memory, protectPointer, readPast, unknownValue, wasApplied } from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** A configuration key that was applied once and has left the definition. */
export interface RemovedKey {
  readonly key: string;
  readonly pointer: Pointer;
  readonly live: Canonical | undefined;
  /** The connector's default, to which it is set back; undefined where no catalogue was asked. */
  readonly fallback: string | undefined;
  /** True: neither value may be shown. */
  readonly secret: boolean;
}

/** What was applied and is declared no more. */
export interface Removal {
  /** Keys to set back. Those that stand at their default already are not among them. */
  readonly setBack: readonly RemovedKey[];
  /** Keys without a known default: reported and left. */
  readonly left: readonly string[];
  /** How many more there are whose hash fits no known key. */
  readonly unnamed: number;
}

/** A definition and its live instance, as far as they are compared. */
interface Compared {
  readonly desired: DesiredInstance;
  readonly live: OwnedInstance;
  readonly memory: Memory;
  /** How many fields the definition declares. */
  readonly declared: number;
}

/** The fields of a definition that are no configuration: without them the platform's state is kept, so nothing is set back. */
const headPointers: readonly Pointer[] = ['/name', '/tags', '/enabled', protectPointer];

/**
 * Finds what was applied and is declared no more. The memory holds hashes of names only,
 * so the names are found by hashing the keys that the platform shows and the catalogue knows.
 */
export function findRemoved({ desired, live, memory, declared }: Compared, context: PlanContext): Removal {
  if (memory.state !== 'known')
    return { setBack: [], left: [], unnamed: countMissing(context.appliedOf(live), memory, declared) };
  const found = listRemembered(memory, context).map((names) => findLeft(desired, live, names, context));
  if (found.every((one) => one === nothingLeft)) return nothingRemoved;
  const keys = [...new Set(found.flatMap((one) => one.keys))].toSorted(compareText);
  const removed = keys.map((key) => ({ key, fallback: context.entryOf(live.connector, key)?.defaultValue }));
  return {
    setBack: removed.flatMap(({ key, fallback }) => findSetBack(key, fallback, { live, memory, context })),
    left: context.isOffline === true ? [] : removed.filter(({ fallback }) => !isUsable(fallback)).map(({ key }) => key),
    unnamed: found.reduce((sum, one) => sum + one.unnamed, 0),
  };
}

const nothingLeft: { readonly keys: readonly string[]; readonly unnamed: number } = { keys: [], unnamed: 0 };
const nothingRemoved: Removal = { setBack: [], left: [], unnamed: 0 };

/** How many fields more than are declared were remembered under a key that nobody has. At least so many left the definition since. */
function countMissing(applied: AppliedTags, { state }: Memory, declared: number): number {
  if (state !== 'foreign' || applied === undefined || applied === 'damaged') return 0;
  const remembered = [...applied.entries.values()].filter(({ value }) => value !== unknownValue);
  return Math.max(0, remembered.length - declared);
}

/** Hashes of names, and what they were made with. */
interface HashedNames {
  readonly names: readonly string[];
  readonly fingerprinter: Fingerprinter;
}

/** What was remembered, now and under former keys that can be read again. */
function listRemembered({ entries, fingerprinter, former }: KnownMemory, context: PlanContext): readonly HashedNames[] {
  const names: string[] = [];
  for (const [name, entry] of entries) if (wasApplied(entry)) names.push(name);
  return [{ names, fingerprinter }, ...former.flatMap((one) => readFormer(one, context) ?? [])];
}

function readFormer({ check, names }: FormerNames, { fingerprinters }: PlanContext): HashedNames | undefined {
  const fingerprinter = fingerprinters.get(check);
  return fingerprinter === undefined ? undefined : { names, fingerprinter };
}

/** Which of the names the definition does not hold any more. */
function findLeft(
  desired: DesiredInstance,
  live: OwnedInstance,
  { names, fingerprinter }: HashedNames,
  context: PlanContext,
): { readonly keys: readonly string[]; readonly unnamed: number } {
  // An ignored key is not removed: it is left alone on purpose.
  const held = new Set<string>();
  for (const pointer of headPointers) held.add(fingerprinter.name(pointer));
  for (const key of desired.configuration.keys()) held.add(fingerprinter.name(context.pointerOf(key)));
  for (const key of desired.ignore) held.add(fingerprinter.name(context.pointerOf(key)));
  const left = names.filter((name) => !held.has(name));
  if (left.length === 0) return nothingLeft;
  const known = new Map(
    listKnownKeys(live, context).map((key) => [fingerprinter.name(context.pointerOf(key)), key] as const),
  );
  const keys = left.flatMap((name) => known.get(name) ?? []);
  return { keys, unnamed: left.length - keys.length };
}

/** Keys that the platform shows, or the catalogue knows. */
export function listKnownKeys(live: OwnedInstance, context: PlanContext): readonly string[] {
  const catalogue = context.connectorOf(live.connector)?.entries ?? [];
  return [...live.configuration.keys(), ...catalogue.map((entry) => entry.key)];
}

/** A mask or example text in the catalogue is no default: it must never be sent. */
function isUsable(fallback: string | undefined): fallback is string {
  return fallback !== undefined && !looksMasked(fallback) && !isStandIn(fallback);
}

/**
 * What a plan without the platform can say of the default: what was pulled, or is built in. It is told and never sent, and as the platform may have
 * another one, it settles nothing: where it is what stands there already, nothing is known.
 */
function presumedDefault(
  connector: string,
  key: string,
  live: Canonical | undefined,
  context: PlanContext,
): string | undefined {
  if (context.isOffline !== true) return undefined;
  const presumed = context.factOf(connector, key)?.defaultValue;
  if (!isUsable(presumed)) return undefined;
  const canonical = canonicalLive(key, presumed, isComparedAsJson(key, presumed));
  return canonical !== undefined && live !== undefined && isSame(canonical, live) ? undefined : presumed;
}

/** The key with its default, unless that stands there already, or is not known. */
function findSetBack(
  key: string,
  fallback: string | undefined,
  {
    live,
    memory,
    context,
  }: { readonly live: OwnedInstance; readonly memory: KnownMemory; readonly context: PlanContext },
): readonly RemovedKey[] {
  if (!isUsable(fallback) && context.isOffline !== true) return [];
  const found = live.configuration.get(key);
  if (isPlatformKey(live.connector, key, context.factOf(live.connector, key))) return [];
  const asJson = isComparedAsJson(key, fallback ?? null);
  const canonical = canonicalLive(key, found, asJson);
  const wanted = canonicalLive(key, fallback, asJson);
  if (canonical !== undefined && wanted !== undefined && isSame(canonical, wanted)) return [];

  const pointer = context.pointerOf(key);
  // Whether a value came from a secret is not kept for former keys.
  const isRemembered = memory.entries.has(memory.fingerprinter.name(pointer));
  const wasSecret = !isRemembered || readPast(memory, pointer) !== 'plain';
  const secret = wasSecret || isKnownSecret(key, live.connector, context) || isHidden(found);
  return [
    {
      key,
      pointer,
      live: canonical,
      fallback: fallback ?? presumedDefault(live.connector, key, canonical, context),
      secret,
    },
  ];
}
