import type { SecretsProvider } from '../../model/environment.ts';

/** What the workflows of a repository are made from. */
export interface WorkflowSettings {
  /** At least one. Each gets a run of the job: one that fails stops no other. */
  readonly environments: readonly WorkflowEnvironment[];
  /** Folder of the workspace below the root of the repository, with `/`; `.` for the root. */
  readonly directory: string;
  /** Name of the workspace file, where it is not one that is searched for. */
  readonly configFile?: string;
  /** The Action as `owner/repository/path@commit`. Absent: the one that lies in the repository. */
  readonly action?: string;
}

/** An environment of `connectorctl.yaml` that workflows work on. */
export interface WorkflowEnvironment {
  readonly name: string;
  /** Variables of the process that its definitions need, credentials first. Empty for the sandbox, which needs none. */
  readonly secrets: readonly string[];
  /** Where its secrets come from beside variables of the process; absent: from nowhere else. */
  readonly provider?: SecretsProvider['kind'] | undefined;
  /** Host and port of a platform that has to be named before credentials go there; absent for those that the vendors document. */
  readonly ownHost?: string | undefined;
}

/** Folder of the Action in a repository that holds it. */
export const actionFolder = '.github/actions/connectorctl';

/** Where the plan checks out the Action of the base: below the checkout, but no folder of definitions. */
export const trustedFolder = '.connectorctl-trusted';

/** GitHub's environment for reading jobs: it holds the same secrets, and nobody has to approve. */
export function readingEnvironment(name: string): string {
  return `${name}-plan`;
}
