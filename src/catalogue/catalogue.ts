import { compareText } from '../model/compare-text.ts';
import type { Connector } from '../model/connector.ts';
import { nearestName } from '../model/nearest-name.ts';

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
  /** What a key that nobody has was probably meant for, the likeliest first, three at most: by its letters, or by what the product is called. */
  meant(key: string): readonly string[];
}

/** What is built in, each connector read when it is asked for. */
export interface BuiltInSource {
  readonly find: (key: string) => Connector | undefined;
  readonly keys: readonly string[];
  /** Keys with the names of their products. */
  readonly list: () => readonly Readonly<Pick<Connector, 'key' | 'name'>>[];
}

/** The connectors of a team before those that are built in. Every connector is decoded once. */
export function layCatalogues(pulled: ReadonlyMap<string, Connector>, builtIn: BuiltInSource): Catalogue {
  const known = new Map<string, CatalogueEntry | undefined>(
    [...pulled].map(([key, connector]) => [key, { connector, origin: 'pulled' }]),
  );
  const keys = new Set([...pulled.keys(), ...builtIn.keys]);
  return {
    find: (key) => {
      if (known.has(key)) return known.get(key);
      const connector = builtIn.find(key);
      const entry = connector === undefined ? undefined : ({ connector, origin: 'built-in' } as const);
      known.set(key, entry);
      return entry;
    },
    keys,
    meant: (key) => {
      const others = [...keys].filter((other) => other !== key);
      const near = nearestName(key, others);
      const products = [...pulled.values(), ...builtIn.list()].filter((one) => one.key !== key);
      return near === undefined ? findProducts(key, products) : [near];
    },
  };
}

/** The connectors of products that begin like this: `salesforce` is `sfdc`. The shortest key is that of the plain product. */
function findProducts(word: string, products: readonly Readonly<Pick<Connector, 'key' | 'name'>>[]): readonly string[] {
  const wanted = squash(word);
  // So few letters begin many names by chance.
  if (wanted.length < 4) return [];
  return products
    .filter(({ name }) => squash(name).startsWith(wanted))
    .map(({ key }) => key)
    .toSorted((one, other) => one.length - other.length || compareText(one, other))
    .slice(0, 3);
}

function squash(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
