import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJsonObject } from '../../src/model/json.ts';
import { isFaultKind } from '../../src/sandbox/faults/fault-kinds.ts';
import type { FaultKind, FaultRule, InjectedFault } from '../../src/sandbox/faults/fault-rule.ts';
import { type Sandbox, sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import { times } from '../support/seed.ts';

const authorization = `User ${sandboxCredentials.userSecret}, Organization ${sandboxCredentials.organizationSecret}`;

/** Slow commits wait longer than this, and so until the end; latency does not. */
const patience = 1_000;

const committedWhenStruck: Readonly<Record<FaultKind, boolean>> = {
  latency: true,
  'rate-limit': false,
  error: false,
  'lost-before': false,
  'lost-after': true,
  hang: false,
  'slow-commit': true,
  truncate: true,
  malformed: true,
  'endless-pages': true,
  'repeated-token': true,
  'drop-entries': true,
  garbage: false,
  'list-lag': true,
  'page-shift': true,
  'small-pages': true,
  'no-total': true,
  'stale-read': true,
  'ignore-write': true,
  'replace-on-patch': true,
  'normalise-on-read': true,
  'rotate-tokens': true,
  'withdraw-consent': false,
  'drop-tags': true,
  'odd-foreign': true,
  'other-user': false,
};

const frequency = fc.record(
  { rate: fc.double({ min: 0.1, max: 0.9, noNaN: true }), times: fc.integer({ min: 1, max: 5 }), after: fc.nat(4) },
  { requiredKeys: [] },
);

/** Every kind of fault, in forms that differ in what becomes of the request. */
const acts: Readonly<Record<FaultKind, readonly FaultRule[]>> = {
  latency: [{ kind: 'latency', ms: 3, jitter: 4 }],
  'rate-limit': [{ kind: 'rate-limit', perSecond: 1, burst: 4 }],
  error: [{ kind: 'error' }, { kind: 'error', committed: true }],
  'lost-before': [{ kind: 'lost-before' }],
  'lost-after': [{ kind: 'lost-after' }],
  hang: [{ kind: 'hang' }, { kind: 'hang', committed: true }],
  'slow-commit': [
    { kind: 'slow-commit', ms: patience },
    { kind: 'slow-commit', ms: patience, answer: 'timeout' },
    { kind: 'slow-commit', ms: 1, answer: 'late' },
  ],
  truncate: [{ kind: 'truncate' }, { kind: 'truncate', form: 'chunked' }],
  malformed: [
    { kind: 'malformed' },
    { kind: 'malformed', form: 'json', committed: false },
    { kind: 'malformed', form: 'empty' },
  ],
  'endless-pages': [{ kind: 'endless-pages' }],
  'repeated-token': [{ kind: 'repeated-token' }],
  'drop-entries': [{ kind: 'drop-entries' }],
  garbage: [{ kind: 'garbage' }, { kind: 'garbage', form: 'tls', committed: true }],
  'list-lag': [{ kind: 'list-lag', ms: 1_000 }],
  'page-shift': [
    { kind: 'page-shift' },
    { kind: 'page-shift', form: 'repeat' },
    { kind: 'page-shift', form: 'reorder' },
  ],
  'small-pages': [{ kind: 'small-pages', size: 1 }],
  'no-total': [{ kind: 'no-total' }],
  'stale-read': [{ kind: 'stale-read', ms: 30 }],
  'ignore-write': [
    { kind: 'ignore-write' },
    { kind: 'ignore-write', of: 'name', header: true },
    { kind: 'ignore-write', of: 'everything' },
  ],
  'replace-on-patch': [{ kind: 'replace-on-patch' }],
  'normalise-on-read': [
    { kind: 'normalise-on-read', form: 'upper' },
    { kind: 'normalise-on-read', form: 'dropped' },
  ],
  'rotate-tokens': [{ kind: 'rotate-tokens' }],
  'withdraw-consent': [{ kind: 'withdraw-consent' }],
  'drop-tags': [{ kind: 'drop-tags' }, { kind: 'drop-tags', form: 'all' }],
  'odd-foreign': [{ kind: 'odd-foreign' }],
  'other-user': [{ kind: 'other-user' }],
};

const kinds = Object.keys(acts).filter(isFaultKind);

/** The kind in one of its forms, a few times in all; and behind it others of any kind, now and then. */
function faultsWith(kind: FaultKind): fc.Arbitrary<readonly FaultRule[]> {
  const first = fc.constantFrom(...acts[kind]).map((fault) => ofTimes(fault, { times: 5 }));
  const other = fc.tuple(fc.oneof(...kinds.map((one) => fc.constantFrom(...acts[one]))), frequency);
  const others = fc.array(
    other.map(([fault, often]) => ofTimes(fault, often)),
    { maxLength: 7 },
  );
  return fc.tuple(first, others).map(([one, more]) => {
    const all = [one].concat(more);
    return all.filter((rule) => rule === one || !isUntellable(rule, all));
  });
}

/** The bucket of a rate limit decides how often it strikes. */
function ofTimes(fault: FaultRule, often: { readonly times?: number }): FaultRule {
  return fault.kind === 'rate-limit' ? fault : Object.assign({}, fault, often);
}

/** Whether it would ignore a write that comes at the end, when nobody can tell any more which one that was. */
function isUntellable(rule: FaultRule, all: readonly FaultRule[]): boolean {
  return rule.kind === 'ignore-write' && all.some((one) => one.kind === 'slow-commit' && one.ms === patience);
}

interface Deed {
  readonly do: 'create' | 'list' | 'read' | 'ping' | 'rename' | 'delete';
  /** Which instance, counted round. */
  readonly which: number;
}

/** Something of everything, so that each kind of fault finds what it strikes. */
const usual: readonly Deed[] = [
  ...(['create', 'create', 'create', 'create', 'list', 'list', 'rename', 'rename'] as const),
  // Of the one that was renamed last.
  ...(['read', 'ping'] as const),
].map((what, turn) => ({ do: what, which: what === 'read' ? 7 : turn }));

const deeds = fc.array(
  fc.record<Deed>({
    do: fc.constantFrom('create', 'create', 'create', 'list', 'list', 'read', 'ping', 'rename', 'rename', 'delete'),
    which: fc.nat(),
  }),
  { minLength: 3, maxLength: 12 },
);

/** Name by the tag that an instance was created with. */
type Instances = Map<string, string>;

interface Sent {
  /** What the request changes, if it is carried out. */
  readonly effect: (all: Instances) => void;
  /** Id in the answer, when there was one that can be believed. */
  readonly createdId?: number;
}

/** Token of the second page of two (platform-api §4). */
const secondPage = encodeURIComponent(
  Buffer.from(JSON.stringify({ limit: 2, pageSize: 2, page: 2 })).toString('base64'),
);

const nothing: Sent = { effect: () => {} };

/** A sandbox with a client that gives up as soon as a request hangs. */
class Trial {
  readonly sandbox: Sandbox;
  readonly met: InjectedFault[];
  readonly #giveUp: { current: AbortController };

  private constructor(sandbox: Sandbox, met: InjectedFault[], giveUp: { current: AbortController }) {
    this.sandbox = sandbox;
    this.met = met;
    this.#giveUp = giveUp;
  }

  static async start(chosen: readonly FaultRule[], faultSeed: string): Promise<Trial> {
    const met: InjectedFault[] = [];
    const giveUp = { current: new AbortController() };
    // A clock that goes on with each look at it, so that nothing hangs on how fast this machine is.
    let time = Date.parse('2001-01-01T12:00:00Z');
    const sandbox = await startSandbox({
      clock: () => new Date((time += 10)),
      faults: chosen,
      faultSeed,
      sleep: (milliseconds) => (milliseconds < patience ? Promise.resolve() : new Promise(() => {})),
      onFault: (injected) => {
        met.push(injected);
        if (injected.kind === 'hang') giveUp.current.abort();
      },
    });
    return new Trial(sandbox, met, giveUp);
  }

  /** The body when the answer is a success; undefined for everything else. */
  async send(method: string, path: string, body?: unknown, token?: string): Promise<unknown> {
    this.met.length = 0;
    this.#giveUp.current = new AbortController();
    try {
      const response = await fetch(`${this.sandbox.url}${path}`, {
        method,
        headers: {
          authorization:
            token === undefined ? authorization : `User ${sandboxCredentials.userSecret}, Element ${token}`,
          'content-type': 'application/json',
        },
        signal: this.#giveUp.current.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return response.ok ? (JSON.parse(text) as unknown) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The id in the answer, when there was one that can be believed. */
  async create(name: string, tag: string): Promise<number | undefined> {
    const configuration = { username: 'key' };
    const body = { element: { key: 'closeio' }, name, tags: [tag], configuration };
    const answer = await this.send('POST', '/instances', body);
    return isJsonObject(answer) && typeof answer['id'] === 'number' ? answer['id'] : undefined;
  }

  async carryOut(deed: Deed, turn: number): Promise<Sent> {
    if (deed.do === 'list') {
      await this.send('GET', `/instances?pageSize=2${deed.which % 2 === 0 ? '' : `&nextPage=${secondPage}`}`);
      return nothing;
    }
    if (deed.do === 'create') {
      const createdId = await this.create(`Name ${turn}`, `tag-${turn}`);
      const effect = (all: Instances): void => void all.set(`tag-${turn}`, `Name ${turn}`);
      return createdId === undefined ? { effect } : { effect, createdId };
    }
    const all = this.sandbox.instances();
    const target = all[deed.which % Math.max(1, all.length)];
    if (target === undefined) {
      this.met.length = 0;
      return nothing;
    }
    if (deed.do === 'read' || deed.do === 'ping') {
      if (deed.do === 'read') await this.send('GET', `/instances/${target.id}`);
      else await this.send('GET', '/ping', undefined, target.token);
      return nothing;
    }
    const [tag = ''] = target.tags;
    if (deed.do === 'delete') {
      await this.send('DELETE', `/instances/${target.id}`);
      return { effect: (left) => void left.delete(tag) };
    }
    const name = `Renamed ${turn}`;
    const more = turn % 2 === 0 ? {} : { configuration: { username: `Key ${turn}` } };
    await this.send('PATCH', `/instances/${target.id}`, { name, ...more });
    return {
      effect: (left) => {
        if (left.has(tag)) left.set(tag, name);
      },
    };
  }

  /** Whether the last request waits for a slow commit. */
  isDue(): boolean {
    return this.met.some(({ effect }) => effect.startsWith(`carried out ${patience} ms from now`));
  }

  /** Whether the last request was carried out; told by the fault that it met. */
  isCommitted(): boolean {
    return this.met.every(({ kind, effect }) => {
      if (['error', 'hang', 'malformed', 'garbage'].includes(kind)) return effect.startsWith('carried out');
      if (kind === 'ignore-write') return !/without (?:its name|anything of it)/.test(effect);
      return committedWhenStruck[kind];
    });
  }
}

/** Names by the tag of their creation. Throws when a tag is there twice. */
function namesByTag(sandbox: Sandbox): Readonly<Record<string, string>> {
  const all = sandbox.instances().map(({ tags: [tag = ''], name }) => [tag, name] as const);
  const names = Object.fromEntries(all);
  if (Object.keys(names).length < all.length) throw new Error(`Created twice: ${JSON.stringify(all)}`);
  return names;
}

async function expectConsistent(trial: Trial, all: readonly Deed[]): Promise<void> {
  const { sandbox } = trial;
  const expected: Instances = new Map();
  const late: Sent['effect'][] = [];
  const ids: number[] = [];
  for (const [turn, deed] of all.entries()) {
    const { effect, createdId } = await trial.carryOut(deed, turn);
    if (createdId !== undefined) ids.push(createdId);
    expect(createdId === undefined || sandbox.instance(createdId)?.name === `Name ${turn}`).toBe(true);
    if (trial.isDue()) late.push(effect);
    else if (trial.isCommitted()) effect(expected);
    expect(namesByTag(sandbox)).toEqual(Object.fromEntries(expected));
  }
  expect(new Set(ids).size).toBe(ids.length);

  sandbox.setFaults([]);
  sandbox.settle();
  for (const effect of late) effect(expected);
  expect(namesByTag(sandbox)).toEqual(Object.fromEntries(expected));
  await expectHealthy(trial, ids);
}

async function expectHealthy(trial: Trial, ids: readonly number[]): Promise<void> {
  const { sandbox } = trial;
  const made = await trial.create('Last', 'last');
  expect(ids).not.toContain(made);
  expect(sandbox.instances().at(-1)).toMatchObject({ id: made, name: 'Last' });
  const list = await trial.send('GET', '/instances');
  expect(list).toMatchObject(sandbox.instances().map(({ id, name }) => ({ id, name })));
  expect(trial.met).toEqual([]);
}

it.each(kinds)('keeps its state true under %s among other faults, and is as before without them', async (kind) => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(faultsWith(kind), fc.string({ maxLength: 4 }), deeds, async (chosen, seed, all) => {
      const trial = await Trial.start(chosen, seed);
      try {
        await expectConsistent(trial, [...usual, ...all]);
        met += trial.sandbox.faultsInjected()[kind];
      } finally {
        await trial.sandbox.close();
      }
    }),
    // Alone first, as others may leave it nothing to strike.
    { ...times(2), examples: [[acts[kind].map((rule) => ofTimes(rule, { times: 2 })), '', []]] },
  );
  // Otherwise the property says nothing about it.
  expect(met).toBeGreaterThan(0);
});
