/** A secret that definitions refer to, or that is set although none does. Never its value. */
export interface ListedSecret {
  readonly name: string;
  /**
   * `set`; `unset`: definitions that need it are blocked; `waiting`: not set, and needed only when a person authorises an instance;
   * `empty`: set to nothing, which counts as unset; `unused`: set, and nothing refers to it.
   */
  readonly status: 'set' | 'unset' | 'waiting' | 'empty' | 'unused';
  /** Definitions of the environment that refer to it, by key. */
  readonly definitions: readonly string[];
  /** First place that refers to it: `instances/crm.yaml:7:13`. */
  readonly at?: string | undefined;
  /** Where it is to be set: `the environment variable CONNECTORCTL_SECRET_NAME`. Present for what is not set. */
  readonly setAt?: string | undefined;
}

/** Whether definitions cannot be compared for want of it. */
export function isLacking({ status }: ListedSecret): boolean {
  return status === 'unset' || status === 'empty';
}
