import type { Ping } from './platform.ts';

/** A connection of an environment as `status` shows it: one that is live, or one that a definition wants and that is not there. */
export interface InstanceStatus {
  /** Of the definition, as the instance's tags name it; absent where they name none alone. */
  readonly key?: string | undefined;
  readonly connector: string;
  readonly name: string;
  /** Absent when the definition has no live instance. */
  readonly id?: string | undefined;
  /** Whether the platform uses it; absent where there is none. */
  readonly enabled?: boolean | undefined;
  /** What the platform's own check came to; absent when the platform did not say. */
  readonly valid?: boolean | undefined;
  /**
   * `defined`: a definition of the environment is for it. `orphan`: none is. `missing`: there is a definition and no instance.
   * `duplicate`: several instances have the same key. `unknown`: the definitions cannot be read.
   */
  readonly standing: 'defined' | 'orphan' | 'missing' | 'duplicate' | 'unknown';
  /** What its tags remember of the last apply; absent when they remember nothing that can be read. */
  readonly lastApplied?: LastApplied | undefined;
  /** The platform switched its polling job off. */
  readonly pollingStopped?: true | undefined;
  /** What its provider answered; absent where nobody asked. */
  readonly ping?: Ping | undefined;
  /** As the platform writes it. */
  readonly created?: string | undefined;
}

/** What stands in the tags: how many values were applied, never which. The tags hold no time. */
export interface LastApplied {
  readonly values: number;
  /** How many of them nobody saw: they were taken to be what the definition said. */
  readonly assumed: number;
}

/** The live connections of an environment. */
export interface EnvironmentStatus {
  readonly environment: string;
  /** Sorted by key; those without a key come last. */
  readonly instances: readonly InstanceStatus[];
  /** Instances of the account that nothing manages. */
  readonly unmanaged: number;
  /** Instances of the account that another environment or workspace manages. */
  readonly foreign: number;
}

/** Whether somebody has to look at it. An instance that is off on purpose is nothing to look at. */
export function isUnwell({ valid, pollingStopped, ping, standing }: InstanceStatus): boolean {
  return valid === false || pollingStopped === true || ping?.ok === false || standing === 'duplicate';
}
