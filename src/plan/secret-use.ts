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
