import type { ApplyPorts } from '../../src/apply/apply-ports.ts';
import { type CreateOptions, createInstance } from '../../src/apply/create-instance.ts';
import type { LiveInstance } from '../../src/model/live.ts';
import { ChangeError } from '../../src/apply/failure.ts';
import { PlatformError } from '../../src/model/platform.ts';
import type { CreateRequest, WorkItem } from '../../src/model/work.ts';
import { portsOver } from './apply-ports.ts';
import type { Path } from './explore.ts';
import { memoryWriter } from './writer.ts';

/** Short, so that few look-ups fit in; nothing in the protocol depends on the length. */
export const shortOptions: CreateOptions = {
  gracePeriod: 3_000,
  settlePeriod: 1_000,
  maxAttempts: 2,
  maxRateLimited: 2,
  rateLimitBudget: 60_000,
};

const longAgo = 3_600_000;

/** How far a stale list is behind, and how long it takes until it is there. */
const lag = 1_000;
const slow = 2_000;

/** What happens to a POST: when it is committed, in milliseconds after it ended for the client, and what the client gets. */
interface Fate {
  readonly commit?: number;
  readonly error?: () => PlatformError;
}

const refused = (status: number, requestId = 'r') =>
  new PlatformError('refused', `HTTP ${status}`, { status, ...(requestId === '' ? {} : { requestId }) });
const unclear = (code: string, status?: number) =>
  new PlatformError(code, code, { unclear: true, ...(status === undefined ? {} : { status }) });
const timeout = () => unclear('timeout');

/** A commit shows within the grace period: one that a stale list may hide comes by so much earlier. */
const latest = shortOptions.gracePeriod - lag;

const fates = {
  answered: { commit: 0 },
  'refused with 400': { error: () => refused(400) },
  'refused with 429': { error: () => refused(429) },
  'lost on the way': { error: () => unclear('connection-lost') },
  'committed, answer lost': { commit: 0, error: () => unclear('connection-lost') },
  'committed, answer truncated': { commit: 0, error: () => unclear('unreadable-answer', 200) },
  'answer lost, committed 1 ms later': { commit: 1, error: timeout },
  'answer lost, committed 1.2 s later': { commit: 1_200, error: timeout },
  'answer lost, committed as late as may be': { commit: latest, error: timeout },
  '503, and committed': { commit: 0, error: () => unclear('server-error', 503) },
  'page of a proxy, nothing done': { error: () => refused(403, '') },
  'page of a proxy in place of the answer': { commit: 0, error: () => refused(403, '') },
} satisfies Readonly<Record<string, Fate>>;

type FateName = keyof typeof fates;

const fateNames: readonly FateName[] = [
  'answered',
  'refused with 400',
  'refused with 429',
  'lost on the way',
  'committed, answer lost',
  'committed, answer truncated',
  'answer lost, committed 1 ms later',
  'answer lost, committed 1.2 s later',
  'answer lost, committed as late as may be',
  '503, and committed',
  'page of a proxy, nothing done',
  'page of a proxy in place of the answer',
];

/** Those of which the platform knows no more once the client is dead. */
const fatesOfDead: readonly FateName[] = ['answered', 'lost on the way', 'answer lost, committed as late as may be'];

export interface WorldRules {
  /** How often the client is killed at most. */
  readonly kills: number;
  /** Milliseconds between a kill and the next run: one of these. */
  readonly rests: readonly number[];
  /** Whether the next run finds the marks on disk of the killed one. */
  readonly marks: boolean;
  /** Whether the client may be interrupted once. */
  readonly interrupts: boolean;
  /** How many reads of one path may fail or be stale; all after that work. */
  readonly badReads: number;
  /** Whether the list of a plan, which has several pages, may lose an instance that moves from one page to another while it is read. */
  readonly shifts?: boolean;
  /** Whether an earlier run made the instance, long ago. */
  readonly isThere?: boolean;
  /** A look-up that never shows anything: what the protocol would be without one. */
  readonly blind?: boolean;
}

/** What is left when the process is gone. */
interface Platform {
  now: number;
  posts: number;
  readonly commits: number[];
  isMarked: boolean;
  badReads: number;
}

/** The work of making one instance. */
export const createOf: WorkItem = {
  change: { key: 'a', action: 'create', connector: 'demo', name: 'a', fields: [], risks: [], notes: [], digest: '0' },
  key: 'a',
  userTags: [],
  applied: { check: 'c', entries: new Map() },
  create: { connector: 'demo', name: 'a', configuration: new Map(), providerData: new Map() },
};
const request: CreateRequest = {
  connector: 'demo',
  name: 'a',
  tags: ['connectorctl/own/test', 'connectorctl/own/test/a', 'connectorctl-applied/c'],
  configuration: new Map(),
  providerData: new Map(),
};

function instanceOf(index: number): LiveInstance {
  return { id: String(index + 1), connector: 'demo', name: 'a', tags: request.tags, disabled: false };
}

type End = { readonly made: LiveInstance } | { readonly error: unknown } | 'killed' | 'planned nothing';

/**
 * Runs the real create through a world of choices: plan, create, and after a kill plan and create again.
 * Answers what is wrong with how it ended: a second commit, a claim that is not true, a POST after an interruption.
 */
export async function walkCreate(path: Path, rules: WorldRules): Promise<string | undefined> {
  const made = rules.isThere === true ? [-longAgo] : [];
  const platform: Platform = { now: 0, posts: 0, commits: made, isMarked: false, badReads: 0 };
  for (let kills = rules.kills; ; kills -= 1) {
    const interruption = new AbortController();
    const end = await runClient({ path, rules, platform, interruption, kills });
    if (end !== 'killed') return judge(end, platform);
    const rest = path.choose('run again', rules.rests.map(String));
    platform.now += Number(rest);
    if (platform.commits.length > 1) return 'second commit';
    // All that the next run can tell: a commit that even a stale list shows is as good as an older one.
    const ages = platform.commits.map((at) => Math.max(at - platform.now, -lag));
    // With one kill there is little to save, and the shortest trace is worth more.
    if (rules.kills > 1 && path.isKnown(JSON.stringify([ages, platform.isMarked, platform.badReads, kills])))
      return undefined;
  }
}

function judge(end: Exclude<End, 'killed'>, { commits, posts }: Platform): string | undefined {
  if (commits.length > 1) return 'second commit';
  if (end === 'planned nothing') return undefined;
  if ('made' in end) return commits.length === 1 ? undefined : 'created, and there is none';
  if (!(end.error instanceof PlatformError || end.error instanceof ChangeError)) throw end.error;
  const isUnclear = end.error.unclear;
  // Where nothing was sent, the one that is there is not of this run, and a refusal is true.
  return isUnclear || commits.length === 0 || posts === 0
    ? undefined
    : `refused with ${end.error.message}, and there is one`;
}

interface Client {
  readonly path: Path;
  readonly rules: WorldRules;
  readonly platform: Platform;
  readonly interruption: AbortController;
  readonly kills: number;
}

async function runClient(client: Client): Promise<End> {
  const dead: { end: (value: 'killed') => void } = { end: () => {} };
  const death = new Promise<'killed'>((resolve) => {
    dead.end = resolve;
  });
  const die = (): Promise<never> => {
    dead.end('killed');
    return new Promise<never>(() => {});
  };
  const ports = toPorts(client, die);
  const life = async (): Promise<End> => {
    try {
      const planned = await ports.platform.listInstances();
      const isLost =
        client.rules.shifts === true && client.path.choose('page shift', ['no', 'loses one']) === 'loses one';
      if (planned.length > 0 && !isLost) return 'planned nothing';
    } catch {
      return 'planned nothing';
    }
    try {
      const { signal } = client.interruption;
      return { made: await createInstance(createOf, request, ports, { ...shortOptions, signal }) };
    } catch (error) {
      return { error };
    }
  };
  return Promise.race([life(), death]);
}

function toPorts(client: Client, die: () => Promise<never>): ApplyPorts {
  const { path, rules, platform, interruption, kills } = client;
  const isDead = (when: string) => kills > 0 && path.choose(`killed ${when}`, ['no', 'yes']) === 'yes';
  const mayInterrupt = (when: string) => {
    if (!rules.interrupts || interruption.signal.aborted) return;
    if (path.choose(`interrupted ${when}`, ['no', 'yes']) === 'yes') interruption.abort();
  };
  const shown = (age: number) => {
    const seen = platform.now - age;
    return rules.blind === true ? [] : platform.commits.flatMap((at, index) => (at <= seen ? [instanceOf(index)] : []));
  };

  const writer = memoryWriter();
  return portsOver(
    {
      ...writer,
      createInstance: async () => {
        if (interruption.signal.aborted && platform.posts > 0) throw new Error('POST was sent after the interruption');
        platform.posts += 1;
        if (isDead('while POST is under way')) {
          commit(fates[path.choose('POST of the dead', fatesOfDead)], platform);
          return die();
        }
        const fate: Fate = fates[path.choose('POST', fateNames)];
        platform.now += 10;
        commit(fate, platform);
        mayInterrupt('when POST had ended');
        if (fate.error !== undefined) throw fate.error();
        return instanceOf(platform.commits.length - 1);
      },
      listInstances: async () => {
        const kind = chooseRead('look-up', ['works', 'is slow and stale', 'fails'], client);
        if (isDead('while it looks')) return die();
        if (kind === 'fails') throw new PlatformError('unreachable', 'The look-up failed.');
        const found = shown(kind === 'works' ? 0 : lag);
        platform.now += kind === 'works' ? 10 : slow;
        return found;
      },
      readInstance: async (id) => {
        if (chooseRead('read by id', ['works', 'fails'], client) === 'fails')
          throw new PlatformError('unreachable', 'No.');
        return shown(0).find((one) => one.id === id);
      },
    },
    {
      sleep: async (milliseconds, signal) => {
        mayInterrupt('while it waits');
        if (signal?.aborted !== true) platform.now += milliseconds;
        if (isDead('while it waits')) await die();
      },
      now: () => platform.now,
      ...(rules.marks ? { pending: toPending(platform, mayInterrupt) } : {}),
    },
  );
}

function chooseRead<T extends string>(what: string, kinds: readonly ['works', ...T[]], client: Client): 'works' | T {
  const { path, platform, rules } = client;
  if (platform.badReads >= rules.badReads) return 'works';
  const kind = path.choose<'works' | T>(what, kinds);
  if (kind !== 'works') platform.badReads += 1;
  return kind;
}

function commit({ commit: delay }: Fate, platform: Platform): void {
  if (delay !== undefined) platform.commits.push(platform.now + delay);
}

function toPending(platform: Platform, mayInterrupt: (when: string) => void): NonNullable<ApplyPorts['pending']> {
  return {
    begin: async () => {
      mayInterrupt('before POST');
      platform.isMarked = true;
    },
    end: async () => {
      platform.isMarked = false;
    },
    timeLeft: async () => (platform.isMarked ? shortOptions.gracePeriod : 0),
  };
}
