import { type Canonical, canonicalLive, isComparedAsJson, isSame } from '../model/canonical-value.ts';
import { looksMasked } from '../model/placeholder.ts';
import { compareText } from '../model/compare-text.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { Cause } from '../model/plan.ts';
import { isPlatformKey } from '../model/platform-keys.ts';
import type { Pointer } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { type Field, isHidden, isKnownSecret, listFields } from './list-fields.ts';
import {
  type Memory,
  type Past,
  protectPointer,
  readPast,
  readProtection,
  readMemory,
  unknownValue,
} from './memory.ts';
import type { PlanContext } from './plan-context.ts';

/** One declared field and how it stands. */
export interface ComparedField {
  readonly field: Field;
  readonly verdict: Verdict;
  /** Whether the live value may come from a secret of ours, whatever the definition says now. */
  readonly past: Past;
  /** True: nothing can tell whether it differs, and it is sent once more because a person asked for that. */
  readonly isResent: boolean;
}

/** All that a comparison of one definition with its live instance found. */
export interface Comparison {
  readonly desired: DesiredInstance;
  readonly live: OwnedInstance;
  readonly memory: Memory;
  readonly compared: readonly ComparedField[];
  readonly removal: Removal;
}

interface DiffOptions {
  /** Key under which the instance was last applied; undefined when nobody knows it. */
  readonly scope: string | undefined;
  /** Send what the platform does not show. */
  readonly resend: boolean;
  readonly context: PlanContext;
}

/** Compares field by field. Computes a hash only where the plain values do not settle it. */
export function diffInstance(desired: DesiredInstance, live: OwnedInstance, options: DiffOptions): Comparison {
  const { scope, resend, context } = options;
  const memory = readMemory(live, scope, context);
  const observed = { ...live, isProtected: readProtection(memory, context) };
  const compared = listFields(desired, observed, context).map((field): ComparedField => {
    const verdict = diffField(field, memory, context);
    const past = field.key === undefined ? 'plain' : readPast(memory, field.pointer, context);
    const isResent = resend && isUnseen(field, verdict);
    return { field, verdict: isResent ? 'definition' : verdict, past, isResent };
  });
  return { desired, live, memory, compared, removal: findRemoved(desired, live, memory, context) };
}

/** Whether nothing shows what stands there: at most the memory says so, and another apply may have written it under a value of its own. */
function isUnseen({ key, live, sentOnce }: Field, verdict: Verdict): boolean {
  // It would take the place of what the provider made of it since.
  if (sentOnce === true) return false;
  return verdict === 'unknown' || (verdict === 'equal' && live === undefined && key !== undefined);
}

/** Whether the field has to be written. */
export function isDifferent({ verdict }: ComparedField): boolean {
  return verdict !== 'equal' && verdict !== 'echoed' && verdict !== 'unknown';
}

/**
 * How one field stands.
 * `echoed`: the platform shows what it made of our value, which is as good as equal. `unknown`: nothing can tell.
 */
export type Verdict = 'equal' | 'echoed' | 'unknown' | Exclude<Cause, 'removed'>;

/**
 * Compares desired, live and last applied (design §3).
 * Without a memory a visible difference counts as `definition`: nobody can say who moved, and the definition is what was reviewed.
 * Hashes are computed only where plain comparison does not settle it.
 */
export function diffField(field: Field, memory: Memory, context: PlanContext): Verdict {
  if (field.live !== undefined && isSame(field.desired, field.live)) return 'equal';
  return compareWithMemory(field.sentOnce === true ? { ...field, live: undefined } : field, memory, context);
}

function compareWithMemory(field: Field, memory: Memory, context: PlanContext): Verdict {
  const { pointer, desired, live } = field;
  // It stands in the memory only, and is written with it whenever that is written.
  if (memory.state !== 'known' && pointer === protectPointer) return 'equal';
  if (memory.state !== 'known') return live === undefined ? 'unknown' : 'definition';

  const { fingerprinter } = context;
  const entry = memory.entries.get(fingerprinter.name(pointer));
  if (entry === undefined) return 'definition';
  if (entry.value === unknownValue) return live === undefined ? 'unknown' : 'definition';

  const isKept = entry.value === fingerprinter.value(memory.scope, pointer, desired);
  if (live === undefined) return isKept ? 'equal' : causeOfOurs(field, context);

  const { spellings = [live] } = field;
  const found = new Set(spellings.map((one) => fingerprinter.value(memory.scope, pointer, one)));
  const isEcho = entry.echo !== undefined && found.has(entry.echo);
  if (isKept) return isEcho ? 'echoed' : 'drift';
  return isEcho || found.has(entry.value) ? causeOfOurs(field, context) : 'conflict';
}

/** Our side moved: a secret is rotated without any edit of the definition, unless nobody looked at secrets. */
function causeOfOurs({ key, desired }: Field, context: PlanContext): Cause & Verdict {
  if (context.isOffline === true) return 'definition';
  return desired instanceof Secret || (key !== undefined && context.isSecretKey(key)) ? 'secret' : 'definition';
}

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

interface Removal {
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
function findRemoved(desired: DesiredInstance, live: OwnedInstance, memory: Memory, context: PlanContext): Removal {
  if (memory.state !== 'known') return nothing;
  const hashes = listLeftHashes(desired, memory, context);
  if (hashes.length === 0) return nothing;

  const names = hashNames(live, context);
  const keys = hashes.flatMap((hash) => names.get(hash) ?? []).toSorted(compareText);
  const removed = keys.map((key) => ({ key, fallback: context.entryOf(live.connector, key)?.defaultValue }));
  return {
    setBack: removed.flatMap(({ key, fallback }) => findSetBack(key, fallback, { live, memory, context })),
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

/** The names of keys by their hashes. */
function hashNames(live: OwnedInstance, context: PlanContext): ReadonlyMap<string, string> {
  const catalogue = context.connectorOf(live.connector)?.entries ?? [];
  const keys = [...live.configuration.keys(), ...catalogue.map((entry) => entry.key)];
  return new Map(keys.map((key) => [context.fingerprinter.name(context.pointerOf(key)), key]));
}

/** A mask in the catalogue is no default: it must never be sent. */
function isUsable(fallback: string | undefined): fallback is string {
  return fallback !== undefined && !looksMasked(fallback);
}

/** The key with its default, unless that stands there already, or is not known. */
function findSetBack(
  key: string,
  fallback: string | undefined,
  { live, memory, context }: { readonly live: OwnedInstance; readonly memory: Memory; readonly context: PlanContext },
): readonly RemovedKey[] {
  if (!isUsable(fallback) && context.isOffline !== true) return [];
  const found = live.configuration.get(key);
  if (isPlatformKey(live.connector, key, context.entryOf(live.connector, key))) return [];
  const asJson = isComparedAsJson(key, fallback ?? null);
  const canonical = canonicalLive(key, found, asJson);
  const wanted = canonicalLive(key, fallback, asJson);
  if (canonical !== undefined && wanted !== undefined && isSame(canonical, wanted)) return [];

  const pointer = context.pointerOf(key);
  const wasSecret = readPast(memory, pointer, context) !== 'plain';
  const secret = wasSecret || isKnownSecret(key, live.connector, context) || isHidden(found);
  return [{ key, pointer, live: canonical, fallback, secret }];
}
