import type { Route, RouteCall } from '../route.ts';
import { describeEffect } from './fault-help.ts';
import { findFaultProblem } from './fault-kinds.ts';
import type { FaultKind, FaultRule, InjectedFault } from './fault-rule.ts';
import type { FaultDraw, Habit } from './habit.ts';
import { isHabit } from './habit-kinds.ts';
import { buildMatcher, type FaultMatcher, type Injection } from './match-fault.ts';
import { takeHabit } from './take-habit.ts';

/** What is injected into one request. */
export interface RequestFaults {
  /** Milliseconds by which its response is late. */
  readonly delay: number;
  /** Those that its rules make it meet, in their order. */
  readonly habits: readonly Habit[];
  readonly injection?: Injection | undefined;
}

interface InjectorOptions {
  readonly seed: string;
  readonly clock: () => Date;
  readonly onFault?: ((injected: InjectedFault) => void) | undefined;
}

/**
 * Decides which faults are injected into which request: at its arrival, by the seed, the rule's position and how many requests the rule
 * matched before. The same requests in the same order get the same faults; of requests at the same time, the order of arrival decides.
 */
export class FaultInjector {
  readonly #options: InjectorOptions;
  readonly #counts: Record<FaultKind, number> = { ...noFaults };
  #matchers: readonly FaultMatcher[] = [];

  constructor(options: InjectorOptions) {
    this.#options = options;
  }

  /** Replaces all rules and begins their counting anew. Throws a RangeError for a value that a rule cannot have. */
  set(rules: readonly FaultRule[]): void {
    // A rate of 30 would mean always, and a test that meant 30 % would not notice.
    for (const problem of rules.map(findFaultProblem)) if (problem !== undefined) throw new RangeError(problem);
    const { seed, clock } = this.#options;
    this.#matchers = rules.map((rule, index) => buildMatcher(rule, { seed, index, now: () => clock().getTime() }));
  }

  /** How many of each kind were injected since the sandbox began. */
  counts(): Readonly<Record<FaultKind, number>> {
    return { ...this.#counts };
  }

  /** Undefined: nothing goes wrong. */
  match(route: Route, call: RouteCall): RequestFaults | undefined {
    let faults: RequestFaults | undefined;
    for (const matcher of this.#matchers) {
      const { rule } = matcher;
      const turn = matcher.match(route, call);
      if (turn === undefined) continue;
      // Drawn only when it could be injected, so that `times` counts what happened.
      if (faults?.injection !== undefined && !isAmbient(rule)) continue;
      const draw = matcher.draw(turn);
      if (draw !== undefined) faults = this.#add(faults ?? { delay: 0, habits: [] }, { rule, draw, call });
    }
    return faults;
  }

  #add(
    faults: RequestFaults,
    { rule, draw, call }: { readonly rule: FaultRule; readonly draw: FaultDraw; readonly call: RouteCall },
  ): RequestFaults {
    const report = (delay = 0): void => this.#report(rule, call, describeEffect(rule, { wait: draw.wait, delay }));
    if (rule.kind === 'latency') {
      const delay = rule.ms + draw.chance * (rule.jitter ?? 0);
      report(delay);
      return { ...faults, delay: faults.delay + delay };
    }
    if (isHabit(rule)) return { ...faults, habits: [...faults.habits, takeHabit(rule, { draw, report })] };
    return { ...faults, injection: { rule, draw, report } };
  }

  #report({ kind }: FaultRule, { request: { method, path } }: RouteCall, effect: string): void {
    this.#counts[kind] += 1;
    this.#options.onFault?.({ kind, method, path, effect });
  }
}

/** Whether a fault comes on top of any other. */
function isAmbient(rule: FaultRule): boolean {
  return rule.kind === 'latency' || isHabit(rule);
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
  garbage: 0,
  'list-lag': 0,
  'page-shift': 0,
  'small-pages': 0,
  'no-total': 0,
  'stale-read': 0,
  'ignore-write': 0,
  'replace-on-patch': 0,
  'normalise-on-read': 0,
  'rotate-tokens': 0,
  'withdraw-consent': 0,
  'drop-tags': 0,
  'odd-foreign': 0,
  'other-user': 0,
};
