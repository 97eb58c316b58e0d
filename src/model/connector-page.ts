/** One configuration key of a connector, as a person needs to know it. */
export interface ExplainedKey {
  readonly key: string;
  /** What the platform's console calls it. Foreign text. */
  readonly label: string;
  /** What it is, in our words; absent for keys of one connector only. */
  readonly about?: string | undefined;
  /** `text`, `secret`, `true or false`, `number`, `choice`, `JSON` or `text of several lines`. */
  readonly kind: string;
  /** A person has to give it a value, for the choices that are explained. */
  readonly required: boolean;
  /** Never shown by the platform again, so that it belongs into a secret. */
  readonly secret: boolean;
  /** Its type says that the platform answers asterisks (platform-facts B1). */
  readonly masked: boolean;
  readonly default?: string | undefined;
  readonly options?: readonly string[] | undefined;
  /** Only for this choice. */
  readonly group?: string | undefined;
}

/** Keys that belong together: `Authentication`, `Events`. */
export interface ExplainedGroup {
  readonly title: string;
  readonly keys: readonly ExplainedKey[];
}

/** What can be configured on a connector. */
export interface ConnectorPage {
  readonly key: string;
  readonly name: string;
  readonly hub?: string | undefined;
  readonly authentication?: string | undefined;
  /** Creating an instance needs a person who logs in at the provider. */
  readonly consent: boolean;
  /** Whose word it is: the team's own platform, or what is built in. */
  readonly origin: 'pulled' | 'built-in';
  /** Day on which the built-in facts were true. */
  readonly date?: string | undefined;
  /** Only the key that was asked for, when one was. */
  readonly groups: readonly ExplainedGroup[];
  /** How many keys the platform keeps itself, or the console hides; they are not listed. */
  readonly hidden: number;
  /** A definition with everything that a person has to give. Absent when one key was asked for. */
  readonly example?: string | undefined;
}

/** A connector in a list. */
export interface ListedConnector {
  readonly key: string;
  readonly name: string;
  readonly hub?: string | undefined;
}
