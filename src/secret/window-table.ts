/** How many bytes of a folded text are looked at together. */
export const windowLength = 8;

/** Hashes of windows, none of them 0, in one array: there are hundreds for each secret. */
export class WindowTable {
  #table = new Uint32Array(1 << 10);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  has(hash: number): boolean {
    const mask = this.#table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#table[slot];
      if (entry === hash) return true;
      if (entry === 0) return false;
    }
  }

  /** One that is there already is left as it is. */
  insert(hash: number): void {
    if (this.#count * 2 >= this.#table.length) this.#resize(this.#table.length * 4);
    if (put(this.#table, hash)) this.#count += 1;
  }

  /** At once, as each time the table grows all of it is put into place again. */
  reserve(windows: number): void {
    let length = this.#table.length;
    while (length < 2 * (this.#count + windows)) length *= 2;
    if (length > this.#table.length) this.#resize(length);
  }

  #resize(length: number): void {
    const table = new Uint32Array(length);
    for (const hash of this.#table) if (hash !== 0) put(table, hash);
    this.#table = table;
  }
}

/** Whether it was put in: it was not there before. */
function put(table: Uint32Array, hash: number): boolean {
  const mask = table.length - 1;
  let slot = hash & mask;
  for (let entry = table[slot]; entry !== 0; entry = table[slot]) {
    if (entry === hash) return false;
    slot = (slot + 1) & mask;
  }
  table[slot] = hash;
  return true;
}

export const factor = 0x01_00_01_93;
/** What the byte that leaves the window has come to: the factor to the power of its length. */
export const leaving = Array.from({ length: windowLength }).reduce<number>((power) => Math.imul(power, factor), 1);

/** Tells the hash of each window of the bytes, never 0. */
export function eachHash(bytes: Uint8Array, tell: (hash: number, at: number) => void): void {
  let rolling = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    rolling = roll(rolling, bytes, index);
    const at = index - windowLength + 1;
    if (at >= 0) tell(mix(rolling), at);
  }
}

/** The sum of the window that ends with the byte at the index, from that of the one before. */
export function roll(rolling: number, bytes: Uint8Array, index: number): number {
  const next = (Math.imul(rolling, factor) + (bytes[index] ?? 0) + 1) | 0;
  const left = index - windowLength;
  return left < 0 ? next : (next - Math.imul((bytes[left] ?? 0) + 1, leaving)) | 0;
}

/** Spreads what a sum of few different bytes leaves close together. */
export function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return (mixed ^ (mixed >>> 16)) >>> 0 || 1;
}
