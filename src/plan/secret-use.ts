import type { DesiredElsewhere } from '../model/desired.ts';

/** Who sends one secret, by the keys of the definitions, sorted. */
export interface SecretUse {
  readonly standing: ReadonlySet<string>;
  /** Those whose last apply sent the very value that the secret has now. None right after a rotation. */
  readonly inForce: () => ReadonlySet<string>;
  /** How many of them send it to an address, as `listAddresses` says. */
  readonly addresses: ReadonlyMap<string, number>;
}

/** By the name of the reference: `secrets.PASSWORD`. */
export type SecretUses = ReadonlyMap<string, SecretUse>;

/** Who sends one secret for other environments. */
export interface SecretElsewhere {
  /** Keys of the definitions that do, and whose instances here do not, each with the environments; sorted. */
  readonly strangers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those of them that lead to an address, as `listAddresses` says. */
  readonly addresses: ReadonlyMap<string, ReadonlySet<string>>;
  /** All that do on lines of their own, by the keys of the definitions. */
  readonly apart: ReadonlyMap<string, readonly DesiredElsewhere[]>;
}

/** By the name of the reference. What nobody asks about is not looked at. */
export type SecretsElsewhere = (name: string) => SecretElsewhere | undefined;
