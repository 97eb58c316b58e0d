import type { Call, Route } from '../exchange.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import { describeEffect } from './fault-help.ts';
import { findFaultProblem } from './fault-kinds.ts';
import type { Fault, FaultKind, InjectedFault, SingleFault, StaleListFault } from './fault.ts';
import { type Blow, type Rule, toRule } from './rule.ts';

/** What the faults make of one request. */
export interface Fate {
  /** Milliseconds by which its answer is late. */
  readonly delay: number;
  /** Of a list of instances: which of them it may show. */
  readonly isListed?: (instance: StoredInstance) => boolean;
  readonly strike?: Strike;
}

export interface Strike {
  readonly fault: SingleFault;
  readonly blow: Blow;
  /** Must be called when the fault had something to act on. */
  readonly report: () => void;
}

interface InjectorOptions {
  readonly seed: string;
  readonly clock: () => Date;
  readonly onFault?: (injected: InjectedFault) => void;
}

/**
 * Decides which request meets which fault: at its arrival, by the seed, the rule's place and how many requests the rule met before.
 * The same requests in the same order meet the same faults; of requests at the same time, the order of arrival decides.
 */
export class FaultInjector {
  readonly #options: InjectorOptions;
  readonly #counts: Record<FaultKind, number> = { ...noFaults };
  #rules: readonly Rule[] = [];

  constructor(options: InjectorOptions) {
    this.#options = options;
  }

  /** Replaces all faults and begins their counting anew. Throws a RangeError for a value that a fault cannot have. */
  set(faults: readonly Fault[]): void {
    // A rate of 30 would strike always, and a test that meant 30 % would not notice.
    for (const problem of faults.map(findFaultProblem)) if (problem !== undefined) throw new RangeError(problem);
    const { seed, clock } = this.#options;
    this.#rules = faults.map((fault, index) => toRule(fault, { seed, index, now: () => clock().getTime() }));
  }

  /** How many of each kind were met since the sandbox began. */
  counts(): Readonly<Record<FaultKind, number>> {
    return { ...this.#counts };
  }

  /** Undefined: nothing goes wrong. */
  meet(route: Route, call: Call): Fate | undefined {
    let fate: Fate | undefined;
    for (const rule of this.#rules) {
      const turn = rule.meet(route, call);
      if (turn === undefined) continue;
      // Asked only when it could strike, so that `times` counts what happened.
      if (fate?.strike !== undefined && !isAmbient(rule.fault)) continue;
      const blow = rule.strike(turn);
      if (blow !== undefined) fate = this.#suffer(fate ?? { delay: 0 }, { fault: rule.fault, blow, call });
    }
    return fate;
  }

  #suffer(fate: Fate, { fault, blow, call }: { fault: Fault; blow: Blow; call: Call }): Fate {
    const report = (delay = 0): void => this.#report(fault, call, describeEffect(fault, blow, delay));
    if (fault.kind === 'latency') {
      const delay = fault.ms + blow.chance * (fault.jitter ?? 0);
      report(delay);
      return { ...fate, delay: fate.delay + delay };
    }
    if (fault.kind === 'stale-list') return { ...fate, isListed: this.#hideFresh(fault, fate.isListed, report) };
    return { ...fate, strike: { fault, blow, report } };
  }

  #hideFresh(
    { ms }: StaleListFault,
    isListed: Fate['isListed'],
    report: () => void,
  ): (instance: StoredInstance) => boolean {
    const now = this.#options.clock().getTime();
    let isReported = false;
    return (instance) => {
      if (isListed?.(instance) === false) return false;
      if (now - Date.parse(instance.createdDate) >= ms) return true;
      if (!isReported) report();
      isReported = true;
      return false;
    };
  }

  #report({ kind }: Fault, { request: { method, path } }: Call, effect: string): void {
    this.#counts[kind] += 1;
    this.#options.onFault?.({ kind, method, path, effect });
  }
}

function isAmbient({ kind }: Fault): boolean {
  return kind === 'latency' || kind === 'stale-list';
}

const noFaults: Readonly<Record<FaultKind, number>> = {
  latency: 0,
  'rate-limit': 0,
  error: 0,
  'lost-before': 0,
  'lost-after': 0,
  hang: 0,
  'slow-commit': 0,
  truncate: 0,
  malformed: 0,
  'endless-pages': 0,
  'repeated-token': 0,
  'drop-entries': 0,
  'stale-list': 0,
};

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
