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

  /** Whether other text stands around it, or several secrets were joined: another text, and the same secret in it. */
  readonly isComposed: boolean;

  constructor(text: string, origin: string, isComposed = false) {
    this.#text = text;
    this.origin = origin;
    this.isComposed = isComposed;
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

/** Whether two values pass a test, without giving either away. */
export function testTexts(
  one: Secret | string,
  other: Secret | string,
  test: (one: string, other: string) => boolean,
): boolean {
  return test(revealValue(one), revealValue(other));
}

/** Joins texts and secrets to one secret, so that nobody has to open one for it. A secret that stands alone stays itself. */
export function joinSecrets(parts: readonly (Secret | string)[]): Secret {
  const secrets = parts.filter((part) => part instanceof Secret);
  const [only] = secrets;
  if (only && secrets.length === 1 && parts.every((part) => part === only || part === '')) return only;
  const text = parts.map((part) => (part instanceof Secret ? reveal(part) : part)).join('');
  return new Secret(text, [...new Set(secrets.map(({ origin }) => origin))].join(' + '), true);
}

/** The secret as JSON text: in double quotes, with escapes. */
export function quoteSecret(secret: Secret): Secret {
  return new Secret(JSON.stringify(reveal(secret)), secret.origin, true);
}

/**
 * Second line of defence behind the Secret type: takes known secrets out of text that strangers wrote (server messages).
 * Knows plain, base64, base64url, URL-encoded and JSON-escaped forms.
 */
export interface Redactor {
  /** Must be called for every secret as soon as it is read. */
  add(secret: Secret): void;
  /** The text with every known secret replaced by `(secret)`. */
  redact(text: string): string;
}

/** Where `${{ secrets.NAME }}` comes from. */
export interface SecretSource {
  /** Undefined when it is not set. */
  read(name: string): Promise<Secret | undefined>;
  /** Where a person would set it: `the environment variable CONNECTORCTL_SECRET_NAME`. */
  describe(name: string): string;
  /** Names of all that it holds, for whoever looks for what nothing refers to. */
  list?(): Promise<readonly string[]>;
  /** All that it has read so far, asked for or not. */
  opened?(): readonly Secret[];
}
