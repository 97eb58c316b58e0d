import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { ApplyResult } from '../../src/model/apply.ts';
import { PlatformError } from '../../src/model/platform.ts';
import type { WorkItem } from '../../src/model/work.ts';
import { portsOver } from './apply-ports.ts';
import { createOf, shortOptions } from './create-world.ts';
import type { Path } from './explore.ts';
import { type MemoryWriter, memoryWriter } from './writer.ts';

/** A call that waits for its turn; a sleeping one has a time before which it is not its turn. */
interface Turn {
  readonly client: string;
  readonly what: string;
  readonly notBefore: number;
  readonly go: () => void;
}

/** Who acts next. Time passes only when everybody sleeps. */
interface Scheduler {
  now: number;
  /** Clients that are neither done nor waiting for their turn. */
  running: number;
  readonly turns: Turn[];
}

/** How two applies of one new definition, begun at the same time, ended. */
export interface Race {
  /** Ids of the live instances. */
  readonly ids: readonly string[];
  readonly results: readonly ApplyResult[];
}

/**
 * Lets two real applies run against each other, in the order of their POSTs and lists that the path chooses.
 * Nothing is committed late here, so that there is no grace period; a read by id follows its list at once.
 */
export async function raceApplies(path: Path): Promise<Race> {
  const scheduler: Scheduler = { now: 0, running: 0, turns: [] };
  const platform = memoryWriter();
  const races = ['A', 'B'].map((client) => {
    scheduler.running += 1;
    return runApply(client, { path, scheduler, platform }).finally(() => {
      scheduler.running -= 1;
    });
  });
  const all = Promise.all(races);
  await drive(path, scheduler);
  return { ids: [...platform.instances.keys()], results: await all };
}

async function drive(path: Path, scheduler: Scheduler): Promise<void> {
  for (;;) {
    while (scheduler.running > 0) await Promise.resolve();
    if (scheduler.turns.length === 0) return;
    const awake = scheduler.turns.filter(({ notBefore }) => notBefore <= scheduler.now);
    if (awake.length === 0) {
      scheduler.now = Math.min(...scheduler.turns.map(({ notBefore }) => notBefore));
      continue;
    }
    const names = awake.map(({ client, what }) => `${client} ${what}`);
    // Whoever begins: until then they differ by their names alone, and the other half of the ways is the same with these exchanged.
    const isForced = names.length === 1 || path.trace.length === 0;
    const chosen = isForced ? names[0] : path.choose('next', names);
    if (path.trace.length === 0) path.note(`first: ${chosen}`);
    const next = awake[names.indexOf(chosen ?? '')];
    if (next === undefined) throw new Error('There is nobody to go on.');
    scheduler.turns.splice(scheduler.turns.indexOf(next), 1);
    scheduler.running += 1;
    next.go();
  }
}

interface Racer {
  readonly path: Path;
  readonly scheduler: Scheduler;
  readonly platform: MemoryWriter;
}

async function runApply(client: string, { path, scheduler, platform }: Racer): Promise<ApplyResult> {
  const turn = (what: string, pause = 0): Promise<void> =>
    new Promise((resolve) => {
      scheduler.turns.push({ client, what, notBefore: scheduler.now + pause, go: resolve });
      scheduler.running -= 1;
    });
  const ports = portsOver(
    {
      ...platform,
      createInstance: async (request) => {
        await turn('sends POST');
        const fate = path.choose(`POST of ${client}`, ['answered', 'committed, answer lost', 'lost on the way']);
        const lost = new PlatformError('connection-lost', 'Lost.', { unclear: true });
        if (fate === 'lost on the way') throw lost;
        const made = await platform.createInstance(request);
        if (fate !== 'answered') throw lost;
        return made;
      },
      listInstances: async (filter) => {
        await turn('lists');
        return platform.listInstances(filter);
      },
    },
    { sleep: (pause) => turn('waits', pause), now: () => scheduler.now },
  );
  const planned = await ports.platform.listInstances();
  const work: readonly WorkItem[] = planned.length > 0 ? [] : [createOf];
  return applyPlan(work, ports, { concurrency: 1, create: { ...shortOptions, gracePeriod: 0 } });
}
