import type { Secret } from './secret.ts';

/** Where `${{ secrets.NAME }}` comes from. */
export interface SecretSource {
  /** Undefined when it is not set. */
  read(name: string): Promise<Secret | undefined>;
  /** Where a person would set it: `the environment variable CONNECTORCTL_SECRET_NAME`. */
  describe(name: string): string;
}
