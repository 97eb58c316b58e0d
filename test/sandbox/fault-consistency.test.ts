import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJsonObject } from '../../src/model/json.ts';
import { isFaultKind } from '../../src/sandbox/faults/fault-kinds.ts';
import type { FaultKind, FaultRule, InjectedFault } from '../../src/sandbox/faults/fault-rule.ts';
import { type Sandbox, sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';

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

const act: fc.Arbitrary<FaultRule> = fc.oneof(
  fc.constantFrom<FaultRule>(
    { kind: 'error' },
    { kind: 'error', committed: true },
    { kind: 'lost-before' },
    { kind: 'lost-after' },
    { kind: 'hang' },
    { kind: 'hang', committed: true },
    { kind: 'slow-commit', ms: patience },
    { kind: 'slow-commit', ms: patience, answer: 'timeout' },
    { kind: 'slow-commit', ms: 1, answer: 'late' },
    { kind: 'truncate' },
    { kind: 'truncate', form: 'chunked' },
    { kind: 'malformed' },
    { kind: 'malformed', form: 'json', committed: false },
    { kind: 'malformed', form: 'empty' },
    { kind: 'endless-pages' },
    { kind: 'repeated-token' },
    { kind: 'drop-entries' },
    { kind: 'list-lag', ms: 1_000 },
    { kind: 'latency', ms: 3, jitter: 4 },
  ),
  fc.constant<FaultRule>({ kind: 'rate-limit', perSecond: 1, burst: 4 }),
);

const faults = fc.array(
  fc
    .tuple(act, frequency)
    .map(([fault, often]): FaultRule => (fault.kind === 'rate-limit' ? fault : Object.assign({}, fault, often))),
  { maxLength: 8 },
);

interface Deed {
  readonly do: 'create' | 'list' | 'rename' | 'delete';
  /** Which instance, counted round. */
  readonly which: number;
}

const deeds = fc.array(
  fc.record<Deed>({
    do: fc.constantFrom('create', 'create', 'create', 'list', 'rename', 'rename', 'delete'),
    which: fc.nat(),
  }),
  { minLength: 3, maxLength: 16 },
);

/** Name by the tag that an instance was created with. */
type Instances = Map<string, string>;

interface Sent {
  /** What the request changes, if it is carried out. */
  readonly effect: (all: Instances) => void;
  /** Id in the answer, when there was one that can be believed. */
  readonly createdId?: number;
}

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
    const sandbox = await startSandbox({
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
  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    this.met.length = 0;
    this.#giveUp.current = new AbortController();
    try {
      const response = await fetch(`${this.sandbox.url}${path}`, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
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
      await this.send('GET', '/instances?pageSize=2');
      return { effect: () => {} };
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
      return { effect: () => {} };
    }
    const [tag = ''] = target.tags;
    if (deed.do === 'delete') {
      await this.send('DELETE', `/instances/${target.id}`);
      return { effect: (left) => void left.delete(tag) };
    }
    const name = `Renamed ${turn}`;
    await this.send('PATCH', `/instances/${target.id}`, { name });
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
    return this.met.every(({ kind, effect }) =>
      ['error', 'hang', 'malformed'].includes(kind) ? effect.startsWith('carried out') : committedWhenStruck[kind],
    );
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

it('keeps its state true under any faults, and is as before without them', async () => {
  const kinds = new Set<FaultKind>();
  await fc.assert(
    fc.asyncProperty(faults, fc.string({ maxLength: 4 }), deeds, async (chosen, seed, all) => {
      const trial = await Trial.start(chosen, seed);
      try {
        await expectConsistent(trial, all);
        for (const [kind, count] of Object.entries(trial.sandbox.faultsInjected())) {
          if (count > 0 && isFaultKind(kind)) kinds.add(kind);
        }
      } finally {
        await trial.sandbox.close();
      }
    }),
    { numRuns: 30 },
  );
  // Otherwise the property says nothing about the missing ones.
  expect(kinds.size).toBeGreaterThan(6);
});
