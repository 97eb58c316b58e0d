/** One part of the definitions of an environment. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  /** How many parts there are, 1 to 999. */
  readonly count: number;
}

/** A shard as it is written: `2/8` is the second of eight. Undefined for anything else. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.index <= shard.count ? shard : undefined;
}
