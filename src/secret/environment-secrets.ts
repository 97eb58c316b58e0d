import { Secret, type SecretSource, withheldSecret } from '../model/secret.ts';
import { sha256Hex } from './fingerprint.ts';
import { secretOfVariable, secretVariable } from '../model/own-variables.ts';

/**
 * Secrets from process environment variables: `secrets.NAME` is `CONNECTORCTL_SECRET_NAME`.
 * The prefix keeps a definition from reading any other variable. The text is taken as it is, never trimmed.
 */
export function environmentSecrets(env: Readonly<Record<string, string | undefined>>): SecretSource {
  return {
    read: (name) => {
      const variable = secretVariable(name);
      const text = Object.hasOwn(env, variable) ? env[variable] : undefined;
      return Promise.resolve(text === undefined ? undefined : new Secret(text, `secrets.${name}`));
    },
    describe: (name) => `the environment variable ${secretVariable(name)}`,
    list: () => Promise.resolve(Object.keys(env).flatMap((variable) => secretOfVariable(variable) ?? [])),
  };
}

/** A source that makes up what is not set, and says what it made up. */
export interface MadeUpSecrets extends SecretSource {
  /** Names in the order in which they were first asked for; grows with every `read`. */
  readonly made: readonly string[];
}

/**
 * For the sandbox only: a name that is not set or empty gives an obviously fake value, the same every time: `SHAREFILE_CODE` gives
 * `sandbox-` and a hash. It holds nothing of the name: keys and names of instances say the same words, and would be hidden as a part of a secret.
 */
export function madeUpSecrets(inner: SecretSource): MadeUpSecrets {
  const made = new Set<string>();
  return {
    get made() {
      return [...made];
    },
    async read(name) {
      const secret = await inner.read(name);
      if (secret && !secret.isEmpty) return secret;
      made.add(name);
      return new Secret(`sandbox-${sha256Hex(name).slice(0, 32)}`, `secrets.${name}`);
    },
    describe: (name) => inner.describe(name),
    list: async () => (await inner.list?.()) ?? [],
    opened: () => inner.opened?.() ?? [],
  };
}

/** For a plan that does without the values: nothing is read, and every secret is known by its name alone. */
export const withheldSecrets: SecretSource = {
  read: (name) => Promise.resolve(withheldSecret(`secrets.${name}`)),
  describe: (name) => `the secret ${name}`,
};

/**
 * For comparing definitions without any secret: each stands for itself, as the text of its reference.
 * Nothing is read, every name counts as set, and two values are the same when they refer to the same secrets in the same way.
 */
export const referenceSecrets: SecretSource = {
  read: (name) => Promise.resolve(new Secret(`\${{ secrets.${name} }}`, `secrets.${name}`)),
  describe: (name) => `the secret ${name}`,
};
