import type { Secret } from './secret.ts';

/** `${{ secrets.NAME }}` or `${{ vars.NAME }}` in a text, or what begins like one. */
export interface Reference {
  /** `unknown` when it cannot be read. */
  readonly kind: 'secrets' | 'vars' | 'unknown';
  /** What is between the braces when it cannot be read. */
  readonly name: string;
  /** Start and end (exclusive) in the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** Why it cannot be read, as a full sentence. */
  readonly problem?: string;
}

/** Where `${{ secrets.NAME }}` comes from. */
export interface SecretSource {
  /** Undefined when it is not set. */
  read(name: string): Promise<Secret | undefined>;
  /** Where a person would set it: `the environment variable CONNECTORCTL_SECRET_NAME`. */
  describe(name: string): string;
}
