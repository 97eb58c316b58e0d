import { createHash } from 'node:crypto';
import type { Call, Route, SandboxRequest } from '../exchange.ts';
import type { Fault, FaultKind, FaultTarget, RateLimitFault } from './fault.ts';

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

/** A number from 0 to below 1 that looks random and is the same for the same seed and purpose. */
export function draw(seed: string, purpose: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, purpose]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** Takes a token: 0 when there was one, else the milliseconds until there will be. */
type TokenBucket = () => number;

/** A bucket that is full at first. @param now milliseconds; a clock that goes back fills nothing */
function createTokenBucket({ perSecond, burst }: RateLimitFault, now: () => number): TokenBucket {
  const size = burst ?? Math.max(1, Math.floor(perSecond));
  let tokens = size;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(size, tokens + (Math.max(0, time - filledAt) * perSecond) / 1_000);
    filledAt = time;
    if (tokens < 1) return ((1 - tokens) * 1_000) / perSecond;
    tokens -= 1;
    return 0;
  };
}

/** Kinds that concern lists only. */
const listKinds: ReadonlySet<FaultKind> = new Set(['endless-pages', 'repeated-token', 'drop-entries', 'stale-list']);

/** Whether a kind of fault makes sense for a route at all. */
export function suits(kind: FaultKind, { method, lists }: Pick<Route, 'method' | 'lists'>): boolean {
  if (kind === 'slow-commit') return method !== 'GET';
  if (kind === 'stale-list') return lists === 'instances';
  return lists !== undefined || !listKinds.has(kind);
}

type TargetedRequest = Pick<SandboxRequest, 'method' | 'path' | 'query'>;

/** Makes the question whether a request is meant. */
function toTargetTest({ methods, path, query }: FaultTarget = {}): (request: TargetedRequest) => boolean {
  const segments = path === undefined ? undefined : toSegments(path);
  const parameter = query?.replace(/^!/, '');
  const isWanted = parameter === query;
  return (request) => {
    if (methods !== undefined && !methods.some((method) => method === request.method)) return false;
    if (segments !== undefined && !areAlike(segments, toSegments(request.path))) return false;
    return parameter === undefined || request.query.has(parameter) === isWanted;
  };
}

/** Whether some request can be meant by both a target's path and a route's. */
export function canMeet(targetPath: string, routePath: string): boolean {
  return areAlike(toSegments(targetPath), toSegments(routePath));
}

function areAlike(pattern: readonly string[], other: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '**';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? other.length < fixed.length : other.length !== fixed.length) return false;
  return fixed.every((segment, index) => isAny(segment) || segment === other[index] || isAny(other[index] ?? ''));
}

function isAny(segment: string): boolean {
  return segment === '*' || segment.startsWith(':');
}

function toSegments(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
