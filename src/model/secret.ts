const shown = '(secret)';

let open: (secret: Secret) => string;

/**
 * A value that must never be seen. Printing, JSON, template strings and inspection all give `(secret)`.
 * Only `reveal` opens it, and test/architecture.test.ts lists the files that may call it.
 */
export class Secret {
  readonly #text: string;
  /** Where it came from, for messages: `secrets.SHAREFILE_CODE`. Never the value. */
  readonly origin: string;

  constructor(text: string, origin: string) {
    this.#text = text;
    this.origin = origin;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** Whether both hold the same text. */
  equals(other: Secret | string): boolean {
    return this.#text === (typeof other === 'string' ? other : other.#text);
  }

  /** Tests the text without giving it away. */
  matches(pattern: RegExp): boolean {
    return pattern.test(this.#text);
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [Symbol.toPrimitive](): string {
    return shown;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shown;
  }

  static {
    open = (secret) => secret.#text;
  }
}

/** The text itself. Must be called only where it leaves for the platform or goes into a keyed hash. */
export function reveal(secret: Secret): string {
  return open(secret);
}

/** The text of either. Same rule as `reveal`. */
export function revealValue(value: Secret | string): string {
  return typeof value === 'string' ? value : open(value);
}
