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

/** Joins texts and secrets to one secret, so that nobody has to open one for it. A secret that stands alone stays itself. */
export function joinSecrets(parts: readonly (Secret | string)[]): Secret {
  const secrets = parts.filter((part) => part instanceof Secret);
  const [only] = secrets;
  if (only && secrets.length === 1 && parts.every((part) => part === only || part === '')) return only;
  const text = parts.map((part) => (part instanceof Secret ? reveal(part) : part)).join('');
  return new Secret(text, [...new Set(secrets.map(({ origin }) => origin))].join(' + '));
}

/** The secret as JSON text: in double quotes, with escapes. */
export function quoteSecret(secret: Secret): Secret {
  return new Secret(JSON.stringify(reveal(secret)), secret.origin);
}
