const shown = '(secret)';

let open: (secret: Secret) => string | undefined;

/** What is known of a secret besides its value. None of it is secret. */
interface SecretOptions {
  /** Whether other text stands around it, or several secrets were joined: another text, and the same secret in it. Default: no. */
  readonly isComposed?: boolean | undefined;
  /** As the definition names it; the origin when absent. */
  readonly reference?: string | undefined;
  /** Text that stands before the first reference; empty when absent. */
  readonly head?: string | undefined;
}

/**
 * A value that must never be seen. Printing, JSON, template strings and inspection all give `(secret)`.
 * Only `reveal` opens it, and test/architecture.test.ts lists the files that may call it.
 * One that is withheld is known by its reference alone: there is no text, nothing is equal to it, and opening it is a bug that throws.
 */
export class Secret {
  readonly #text: string | undefined;
  /** Where it came from, for messages: `secrets.SHAREFILE_CODE`. Never the value. */
  readonly origin: string;

  /** Whether other text stands around it, or several secrets were joined: another text, and the same secret in it. */
  readonly isComposed: boolean;

  /**
   * What the definition says in its place, with variables filled in: the names of its secrets and the text around them, in a form that is the same for
   * the same and never for another. Where the values come from does not matter to it.
   */
  readonly reference: string;

  /** Text of the definition that stands before the first reference. */
  readonly head: string;

  /** @param text undefined: withheld */
  constructor(
    text: string | undefined,
    origin: string,
    { isComposed = false, reference = origin, head = '' }: SecretOptions = {},
  ) {
    this.#text = text;
    this.origin = origin;
    this.isComposed = isComposed;
    this.reference = reference;
    this.head = head;
  }

  /** Whether nobody looked at the value. */
  get isWithheld(): boolean {
    return this.#text === undefined;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** Whether both hold the same text. Never true of what is withheld: nobody knows. */
  equals(other: Secret | string): boolean {
    return this.#text !== undefined && this.#text === (typeof other === 'string' ? other : other.#text);
  }

  /** Tests the text without giving it away. Never true of what is withheld. */
  matches(pattern: RegExp): boolean {
    return this.#text !== undefined && pattern.test(this.#text);
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
  const text = open(secret);
  if (text === undefined)
    throw new Error(`The value of ${secret.origin} is withheld: it can be neither sent nor hashed.`);
  return text;
}

/** The text of either. Same rule as `reveal`. */
export function revealValue(value: Secret | string): string {
  return typeof value === 'string' ? value : reveal(value);
}

/** Whether two values pass a test, without giving either away. */
export function testTexts(
  one: Secret | string,
  other: Secret | string,
  test: (one: string, other: string) => boolean,
): boolean {
  return test(revealValue(one), revealValue(other));
}

/** The same secret, called what the definition calls it, wherever the value came from. */
export function nameSecret(secret: Secret, reference: string): Secret {
  const { origin, isComposed } = secret;
  return new Secret(open(secret), origin, { isComposed, reference });
}

/** A secret of which only the name is known. */
export function withheldSecret(origin: string): Secret {
  return new Secret(undefined, origin);
}

/** Joins texts and secrets to one secret, so that nobody has to open one for it. A secret that stands alone stays itself. */
export function joinSecrets(parts: readonly (Secret | string)[]): Secret {
  const secrets = parts.filter((part) => part instanceof Secret);
  const [only] = secrets;
  if (only && secrets.length === 1 && parts.every((part) => part === only || part === '')) return only;
  const merged = mergeTexts(parts);
  const texts = secrets.some(({ isWithheld }) => isWithheld) ? undefined : parts.map(revealValue);
  const [first] = merged;
  return new Secret(texts?.join(''), [...new Set(secrets.map(({ origin }) => origin))].join(' + '), {
    isComposed: true,
    reference: `[${merged.map((part) => (part instanceof Secret ? part.reference : JSON.stringify(part))).join(',')}]`,
    head: first instanceof Secret ? first.head : first,
  });
}

/** Where a variable ends in a text says nothing about it. */
function mergeTexts(parts: readonly (Secret | string)[]): readonly (Secret | string)[] {
  const merged: (Secret | string)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else if (part !== '') merged.push(part);
  }
  return merged;
}

/** The secret as JSON text: in double quotes, with escapes. */
export function quoteSecret(secret: Secret): Secret {
  const { origin, reference } = secret;
  const text = open(secret);
  return new Secret(text === undefined ? undefined : JSON.stringify(text), origin, {
    isComposed: true,
    reference: `quote(${reference})`,
    head: '"',
  });
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
  /**
   * Answers `redact` for texts that are known beforehand, all at once: of many thousand secrets only those are looked for of which a form may stand in one of them.
   * Any other text is redacted as ever.
   * @param list called where there are many secrets
   */
  forTexts(list: () => readonly string[]): (text: string) => string;
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
