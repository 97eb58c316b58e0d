import { Secret } from '../model/secret.ts';
import type { SecretSource } from '../model/secret-source.ts';

/**
 * For comparing definitions without any secret: each stands for itself, as the text of its reference.
 * Nothing is read, every name counts as set, and two values are the same when they refer to the same secrets in the same way.
 */
export const referenceSecrets: SecretSource = {
  read: (name) => Promise.resolve(new Secret(`\${{ secrets.${name} }}`, `secrets.${name}`)),
  describe: (name) => `the secret ${name}`,
};
