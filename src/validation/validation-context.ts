import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Environment } from '../model/environment.ts';
import type { RuleLevel } from '../model/rule-level.ts';

/** What validation has to know beside the documents. */
export interface ValidationContext {
  readonly environments: ReadonlyMap<string, Environment>;
  /** Names of secrets that are set for `environment`; secrets are not checked when absent. */
  readonly setSecrets?: ReadonlySet<string> | undefined;
  /** The environment that `setSecrets` is about. */
  readonly environment?: Environment;
  /** Where a secret would be set: `the environment variable CONNECTORCTL_SECRET_NAME`. */
  readonly describeSecret: (name: string) => string;
  /** What the workspace says of rules, by their codes. */
  readonly levels?: ReadonlyMap<string, RuleLevel> | undefined;
  /** What connectors have; connectors are not checked when absent. */
  readonly catalogue?: Catalogue | undefined;
}
