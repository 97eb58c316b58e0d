import { findBuiltIn, listBuiltIn } from '../../catalogue/built-in.ts';
import { compareText } from '../../model/compare-text.ts';
import type { Connector } from '../../model/connector.ts';
import type { SandboxConnector } from './connector.ts';
import { documentedIds, playDocumented } from './documented.ts';
import { fromCatalogue } from './from-catalogue.ts';
import { unlisted } from './unlisted.ts';

/** Ids of those whose real one is not known: they differ between platforms (platform-facts A8). */
const firstId = 20_001;

/** Once for all sandboxes of a process. */
const builtInKeys = listBuiltIn().map(({ key }) => key);

/** Every connector that a sandbox can make instances of: each is put together when it is asked for. */
export interface KnownConnectors {
  /** By key or by id: the platform takes either (platform-api §3). */
  find(keyOrId: string): SandboxConnector | undefined;
  /** Sorted by key. */
  list(): readonly SandboxConnector[];
}

/** @param loaded connectors that count before those that are built in */
export function knownConnectors(loaded: readonly Connector[] = []): KnownConnectors {
  const played = new Map(unlisted.map((connector) => [connector.key, connector]));
  const own = new Map(loaded.map((connector) => [connector.key, connector]));
  const keys = [...new Set([...own.keys(), ...played.keys(), ...builtInKeys])].toSorted(compareText);
  const places = new Map(keys.map((key, place) => [key, place]));
  const made = new Map<string, SandboxConnector>();
  const idOf = (key: string): number =>
    played.get(key)?.id ?? documentedIds.get(key) ?? firstId + (places.get(key) ?? 0);
  const keyById = new Map(keys.map((key) => [String(idOf(key)), key]));

  function find(keyOrId: string): SandboxConnector | undefined {
    const key = places.has(keyOrId) ? keyOrId : keyById.get(keyOrId);
    if (key === undefined) return undefined;
    const known = made.get(key) ?? make(key);
    if (known !== undefined) made.set(key, known);
    return known;
  }

  function make(key: string): SandboxConnector | undefined {
    const loadedOne = own.get(key);
    if (loadedOne !== undefined) return fromCatalogue(loadedOne, idOf(key));
    const source = findBuiltIn(key);
    return source === undefined ? played.get(key) : playDocumented(source, idOf(key));
  }

  return { find, list: () => keys.flatMap((key) => find(key) ?? []) };
}
