/** Names of a map, each once, and where each of them stands. */
interface NameList {
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Values under the names of a list, which all that have the same names share. It takes a quarter of the room of a `Map`, and thousands of instances
 * have the same keys. Not an object with the keys as properties: from a dozen on the engine makes a table of each that is larger than a `Map`.
 */
class ListedMap<V> implements ReadonlyMap<string, V> {
  readonly #list: NameList;
  readonly #values: readonly V[];

  constructor(list: NameList, values: readonly V[]) {
    this.#list = list;
    this.#values = values;
  }

  get size(): number {
    return this.#values.length;
  }

  get(name: string): V | undefined {
    const place = this.#list.places.get(name);
    return place === undefined ? undefined : this.#values[place];
  }

  has(name: string): boolean {
    return this.#list.places.has(name);
  }

  forEach(tell: (value: V, name: string, map: ReadonlyMap<string, V>) => void): void {
    const { names } = this.#list;
    for (const [place, value] of this.#values.entries()) tell(value, names[place] ?? '', this);
  }

  keys(): MapIterator<string> {
    return this.#list.names.values();
  }

  values(): MapIterator<V> {
    return this.#values.values();
  }

  entries(): MapIterator<[string, V]> {
    const { names } = this.#list;
    return this.#values.map((value, place): [string, V] => [names[place] ?? '', value]).values();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): ReadonlyMap<string, V> {
    return new Map(this);
  }
}

/** A map of values that are never undefined, for as long as the program runs. Its order is that of the names. */
export function listedMap<V>(names: readonly string[], values: readonly V[]): ReadonlyMap<string, V> {
  // A copy takes no more room than it needs; what was pushed to has some to spare.
  return new ListedMap(shareList(names), values.slice());
}

/** More lists, and longer ones, are hardly ever those of thousands. */
const [mostLists, mostNames] = [1_000, 100];
const lists = new Map<string, NameList>();

function shareList(names: readonly string[]): NameList {
  const text = names.join('\0');
  const known = lists.get(text);
  // Names may hold anything, also what stands between them.
  if (known?.names.length === names.length && known.names.every((name, place) => name === names[place])) return known;
  const list = { names, places: new Map(names.map((name, place) => [name, place])) };
  if (names.length <= mostNames && lists.size < mostLists) lists.set(text, list);
  return list;
}
