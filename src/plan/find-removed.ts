import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import { looksMasked } from '../model/placeholder.ts';
import type { Pointer } from '../model/position.ts';
import { canonicalLive, isComparedAsJson, isSame } from '../model/canonical-value.ts';
import type { Canonical } from '../model/canonical-value.ts';
import { compareText } from './compare-text.ts';
import { isHidden, isKnownSecret } from './list-fields.ts';
import { readPast, unknownValue } from './memory.ts';
import type { Memory } from './memory.ts';
import type { PlanContext } from './plan-context.ts';
import { protectPointer } from './protection.ts';

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

export interface Removal {
  /** Keys to set back. Those that stand at their default already are not among them. */
  readonly setBack: readonly RemovedKey[];
  /** Keys without a known default: reported and left. */
  readonly left: readonly string[];
  /** How many more there are whose hash fits no known key. */
  readonly unnamed: number;
}

/** The fields of a definition that are no configuration: without them the platform's state is kept, so nothing is set back. */
const headPointers: readonly Pointer[] = ['/name', '/tags', '/enabled', protectPointer];

const nothing: Removal = { setBack: [], left: [], unnamed: 0 };

/**
 * Finds what was applied and is declared no more. The memory holds hashes of names only,
 * so the names are found by hashing the keys that the platform shows and the catalogue knows.
 */
export function findRemoved(
  desired: DesiredInstance,
  live: OwnedInstance,
  memory: Memory,
  context: PlanContext,
): Removal {
  if (memory.state !== 'known') return nothing;
  const hashes = listLeftHashes(desired, memory, context);
  if (hashes.length === 0) return nothing;

  const names = toNames(live, context);
  const keys = hashes.flatMap((hash) => names.get(hash) ?? []).toSorted(compareText);
  const removed = keys.map((key) => ({ key, fallback: context.entryOf(live.connector, key)?.defaultValue }));
  return {
    setBack: removed.flatMap(({ key, fallback }) => toSetBack(key, fallback, { live, memory, context })),
    left: context.isOffline === true ? [] : removed.filter(({ fallback }) => !isUsable(fallback)).map(({ key }) => key),
    unnamed: hashes.length - keys.length,
  };
}

function listLeftHashes(
  desired: DesiredInstance,
  memory: Extract<Memory, { state: 'known' }>,
  context: PlanContext,
): readonly string[] {
  const { pointerOf, fingerprinter } = context;
  // An ignored key is not removed: it is left alone on purpose.
  const declared = [...desired.configuration.keys(), ...desired.ignore].map(pointerOf);
  const known = new Set([...headPointers, ...declared].map((pointer) => fingerprinter.name(pointer)));
  return [...memory.entries]
    .filter(([hash, { value }]) => value !== unknownValue && !known.has(hash))
    .map(([hash]) => hash);
}

function toNames(live: OwnedInstance, context: PlanContext): ReadonlyMap<string, string> {
  const catalogue = context.connectorOf(live.connector)?.entries ?? [];
  const keys = [...live.configuration.keys(), ...catalogue.map((entry) => entry.key)];
  return new Map(keys.map((key) => [context.fingerprinter.name(context.pointerOf(key)), key]));
}

/** A mask in the catalogue is no default: it must never be sent. */
function isUsable(fallback: string | undefined): fallback is string {
  return fallback !== undefined && !looksMasked(fallback);
}

interface RemovalWorld {
  readonly live: OwnedInstance;
  readonly memory: Memory;
  readonly context: PlanContext;
}

function toSetBack(
  key: string,
  fallback: string | undefined,
  { live, memory, context }: RemovalWorld,
): readonly RemovedKey[] {
  if (!isUsable(fallback) && context.isOffline !== true) return [];
  const found = live.configuration.get(key);
  const asJson = isComparedAsJson(key, fallback ?? null);
  const canonical = canonicalLive(key, found, asJson);
  const wanted = canonicalLive(key, fallback, asJson);
  if (canonical !== undefined && wanted !== undefined && isSame(canonical, wanted)) return [];

  const pointer = context.pointerOf(key);
  const wasSecret = readPast(memory, pointer, context) !== 'plain';
  const secret = wasSecret || isKnownSecret(key, live.connector, context) || isHidden(found);
  return [{ key, pointer, live: canonical, fallback, secret }];
}
