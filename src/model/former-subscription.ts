/** A subscription of a former callback of an instance of ours, which gets each event too, and what an apply did with it. */
export interface FormerSubscription {
  /** Of the definition. */
  readonly key: string;
  readonly instanceId: string;
  readonly id: string;
  /** Without secrets. */
  readonly url: string;
  readonly active: boolean;
  /** `left`: nobody asked for its removal. */
  readonly status: 'left' | 'removed' | 'failed';
  /** Why it was not removed; only of `failed`. */
  readonly message?: string | undefined;
}

/** What an apply found of former callbacks when its work was done. */
export interface FormerSubscriptions {
  /** Whether they were to be removed. */
  readonly pruned: boolean;
  readonly found: readonly FormerSubscription[];
  /** Why it is not known whether there are any, or more. */
  readonly problem?: string | undefined;
}

/** Whether a removal that was asked for was not carried out, or nobody knows whether there was something to remove. */
export function isPruneFailed({ pruned, found, problem }: FormerSubscriptions): boolean {
  return pruned && (problem !== undefined || found.some(({ status }) => status === 'failed'));
}
