import type { Connector } from '../model/connector.ts';

/** What is known of a connector, and whose word that is. */
export interface CatalogueEntry {
  readonly connector: Connector;
  /** `pulled` from the platform of the team, which binds; `built-in`, of a known day, is advice. */
  readonly origin: 'pulled' | 'built-in';
}

/** What is known of connectors, whatever their number: each is read when it is asked for. */
export interface Catalogue {
  find(key: string): CatalogueEntry | undefined;
  /** Keys of all that are known to exist; of some nothing else is known. */
  readonly keys: ReadonlySet<string>;
}

/** The connectors of a team before those that are built in. Every connector is decoded once. */
export function layCatalogues(
  pulled: ReadonlyMap<string, Connector>,
  builtIn: { readonly find: (key: string) => Connector | undefined; readonly keys: readonly string[] },
): Catalogue {
  const known = new Map<string, CatalogueEntry | undefined>(
    [...pulled].map(([key, connector]) => [key, { connector, origin: 'pulled' }]),
  );
  return {
    find: (key) => {
      if (known.has(key)) return known.get(key);
      const connector = builtIn.find(key);
      const entry = connector === undefined ? undefined : ({ connector, origin: 'built-in' } as const);
      known.set(key, entry);
      return entry;
    },
    keys: new Set([...pulled.keys(), ...builtIn.keys]),
  };
}
