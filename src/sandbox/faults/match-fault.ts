import { createHash } from 'node:crypto';
import { isJsonObject } from '../../model/json.ts';
import { type Route, type RouteCall, type SandboxRequest, splitPath } from '../route.ts';
import type { FaultKind, FaultRule, FaultTarget, RateLimitFault, SingleFault } from './fault-rule.ts';
import type { FaultDraw } from './habit.ts';
import { isIgnorable } from './write-habits.ts';

/** Says which requests a fault rule is injected into, and counts those that it applies to. */
export interface FaultMatcher {
  readonly rule: FaultRule;
  /** Counts a request: which one it is, from 1; undefined when the rule does not apply to it. */
  match(route: Route, call: RouteCall): number | undefined;
  /** What is drawn for that request; undefined when nothing is injected into it. Asked once at most. */
  draw(turn: number): FaultDraw | undefined;
}

/** The one fault that changes the outcome of a request. */
export interface Injection {
  readonly rule: SingleFault;
  readonly draw: FaultDraw;
  /** Must be called when the fault had something to act on. */
  readonly report: () => void;
}

interface MatcherOptions {
  readonly seed: string;
  /** Position of the rule among the others. */
  readonly index: number;
  readonly now: () => number;
}

/** Builds the matcher of a rule. What it draws depends on the seed, its position and the turn, never on other rules. */
export function buildMatcher(rule: FaultRule, { seed, index, now }: MatcherOptions): FaultMatcher {
  const isTargeted = buildTargetTest(rule.on);
  const takeToken = rule.kind === 'rate-limit' ? createTokenBucket(rule, now) : undefined;
  const { rate = 1, times = Infinity, after = 0 } = rule.kind === 'rate-limit' ? {} : rule;
  const drawFor = (purpose: string, turn: number): number => draw(seed, `${purpose}/${index}/${turn}`);
  let matched = 0;
  let injected = 0;
  return {
    rule,
    match: (route, call) => {
      if (!isTargeted(call.request) || !appliesTo(rule.kind, route) || !isConcerned(rule, call)) return undefined;
      matched += 1;
      return matched;
    },
    draw: (turn) => {
      const wait = takeToken?.() ?? 0;
      if (takeToken !== undefined && wait === 0) return undefined;
      if (turn <= after || injected >= times || (rate < 1 && drawFor('rate', turn) >= rate)) return undefined;
      injected += 1;
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

type RouteTest = (route: Pick<Route, 'method' | 'path' | 'lists'>) => boolean;

const isList: RouteTest = ({ lists }) => lists !== undefined;
const isInstanceList: RouteTest = ({ lists }) => lists === 'instances';
const isInstance: RouteTest = ({ path }) => path === '/instances/:id' || path === '/elements/:keyOrId/instances/:id';
const isReadOfInstance: RouteTest = (route) => route.method === 'GET' && isInstance(route);
const isRead: RouteTest = (route) => isInstanceList(route) || isReadOfInstance(route);
const isUpdate: RouteTest = ({ method, path }) => (method === 'PATCH' || method === 'PUT') && path === '/instances/:id';
const isSwitch: RouteTest = ({ method, path }) => method !== 'GET' && path === '/instances/:id/enabled';
const isPing: RouteTest = ({ path }) => path.endsWith('/ping');
const isCreate: RouteTest = ({ method, path }) => method === 'POST' && path === '/instances';

/** Where a kind makes sense, in words for people and as a test. Kinds that are not here apply everywhere. */
const scopes: Readonly<Partial<Record<FaultKind, { readonly words: string; readonly test: RouteTest }>>> = {
  'endless-pages': { words: 'lists', test: isList },
  'repeated-token': { words: 'lists', test: isList },
  'drop-entries': { words: 'lists', test: isList },
  'page-shift': { words: 'lists', test: isList },
  'small-pages': { words: 'lists', test: isList },
  'no-total': { words: 'lists', test: isList },
  'list-lag': { words: 'lists of instances', test: isInstanceList },
  'odd-foreign': { words: 'lists of instances', test: isInstanceList },
  'slow-commit': { words: 'writes', test: ({ method }) => method !== 'GET' },
  'ignore-write': { words: 'updates of an instance', test: (route) => isUpdate(route) || isSwitch(route) },
  'replace-on-patch': { words: 'PATCH of an instance', test: (route) => route.method === 'PATCH' && isUpdate(route) },
  'stale-read': { words: 'reads of an instance', test: isReadOfInstance },
  'normalise-on-read': { words: 'reads of instances', test: isRead },
  'withdraw-consent': { words: 'pings', test: isPing },
  'rotate-tokens': { words: 'reads of instances', test: isRead },
  'other-user': { words: 'reads of instances', test: isRead },
  'drop-tags': {
    words: 'what shows instances',
    test: (route) => isRead(route) || isUpdate(route) || isCreate(route),
  },
};

/** Whether a kind of fault makes sense for a route at all. */
export function appliesTo(kind: FaultKind, route: Pick<Route, 'method' | 'path' | 'lists'>): boolean {
  return scopes[kind]?.test(route) ?? true;
}

/** What a kind applies to, in words; undefined: everything. */
export function describeScope(kind: FaultKind): string | undefined {
  return scopes[kind]?.words;
}

/** Whether a call holds what a rule is about, so that only what can happen is counted. */
function isConcerned(rule: FaultRule, call: RouteCall): boolean {
  const { query, body } = call.request;
  // With an instance's token a list answers that instance (platform-api §4).
  if (call.instance !== undefined && scopes[rule.kind]?.words.startsWith('lists') === true) return false;
  if (rule.kind === 'page-shift') return (query.get('nextPage') ?? '') !== '';
  if (rule.kind === 'odd-foreign') return !query.has('tags[]');
  if (rule.kind === 'ignore-write') return isIgnorable(rule, call);
  if (rule.kind === 'replace-on-patch') return isJsonObject(body) && isJsonObject(body['configuration']);
  return true;
}

type TargetedRequest = Pick<SandboxRequest, 'method' | 'path' | 'query'>;

function buildTargetTest({ methods, path, query }: FaultTarget = {}): (request: TargetedRequest) => boolean {
  const segments = path === undefined ? undefined : splitPath(path);
  const parameter = query?.replace(/^!/, '');
  const isWanted = parameter === query;
  return (request) => {
    if (methods !== undefined && !methods.some((method) => method === request.method)) return false;
    if (segments !== undefined && !segmentsOverlap(segments, splitPath(request.path))) return false;
    return parameter === undefined || request.query.has(parameter) === isWanted;
  };
}

/** Whether some request can match both a target's path and a route's. */
export function pathsOverlap(targetPath: string, routePath: string): boolean {
  return segmentsOverlap(splitPath(targetPath), splitPath(routePath));
}

function segmentsOverlap(pattern: readonly string[], other: readonly string[]): boolean {
  const isOpen = pattern.at(-1) === '**';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? other.length < fixed.length : other.length !== fixed.length) return false;
  return fixed.every((segment, index) => isAny(segment) || segment === other[index] || isAny(other[index] ?? ''));
}

function isAny(segment: string): boolean {
  return segment === '*' || segment.startsWith(':');
}
