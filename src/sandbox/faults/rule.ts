import type { Call, Route } from '../exchange.ts';
import { draw } from './draw.ts';
import type { Fault } from './fault.ts';
import { listKinds, suits } from './suits.ts';
import { toTargetTest } from './target.ts';
import { createTokenBucket } from './token-bucket.ts';

/** How a fault strikes one request. */
export interface Blow {
  /** From 0 to below 1, for what the fault leaves open. */
  readonly chance: number;
  /** Of a rate limit: milliseconds until the next token. */
  readonly wait: number;
}

/** A fault that counts the requests it concerns. */
export interface Rule {
  readonly fault: Fault;
  /** Counts a request: which one it is, from 1; undefined when it is not concerned. */
  meet(route: Route, call: Call): number | undefined;
  /** Whether the fault strikes that request. Asked once at most. */
  strike(turn: number): Blow | undefined;
}

interface RulePlace {
  readonly seed: string;
  /** Where the fault stands among the others. */
  readonly index: number;
  readonly now: () => number;
}

/** Makes a rule. What it draws depends on the seed, its place and the turn, never on other rules. */
export function toRule(fault: Fault, { seed, index, now }: RulePlace): Rule {
  const isMeant = toTargetTest(fault.on);
  const take = fault.kind === 'rate-limit' ? createTokenBucket(fault, now) : undefined;
  const { rate = 1, times = Infinity, after = 0 } = fault.kind === 'rate-limit' ? {} : fault;
  const drawFor = (purpose: string, turn: number): number => draw(seed, `${purpose}/${index}/${turn}`);
  let met = 0;
  let struck = 0;
  return {
    fault,
    meet: (route, call) => {
      if (!isMeant(call.request) || !suits(fault.kind, route)) return undefined;
      // With an instance's token a list answers that instance (platform-api §4).
      if (listKinds.has(fault.kind) && call.instance !== undefined) return undefined;
      met += 1;
      return met;
    },
    strike: (turn) => {
      const wait = take?.() ?? 0;
      if (take !== undefined && wait === 0) return undefined;
      if (turn <= after || struck >= times || (rate < 1 && drawFor('rate', turn) >= rate)) return undefined;
      struck += 1;
      return { chance: drawFor('chance', turn), wait };
    },
  };
}
