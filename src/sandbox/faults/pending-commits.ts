export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** Requests that will be carried out later. */
export class PendingCommits {
  readonly #sleep: Sleep;
  readonly #pending = new Set<() => void>();

  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  /** Commits when the time has come, or when `settle` is called. */
  add<T>(milliseconds: number, commit: () => T): Promise<T> {
    return new Promise((resolve) => {
      const waiting = new AbortController();
      const run = (): void => {
        if (!this.#pending.delete(run)) return;
        waiting.abort();
        resolve(commit());
      };
      this.#pending.add(run);
      // However the wait ends, the request was accepted and must be carried out.
      this.#sleep(milliseconds, waiting.signal).then(run, run);
    });
  }

  /** Commits all at once, in the order in which they arrived. */
  settle(): void {
    for (const run of this.#pending) run();
  }
}
