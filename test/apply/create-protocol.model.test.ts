import { describe, expect, it } from 'vitest';
import { shortOptions, walkCreate, type WorldRules } from '../support/create-world.ts';
import { explore } from '../support/explore.ts';
import { type Race, raceApplies } from '../support/two-applies.ts';

const calm: WorldRules = { kills: 0, rests: [0], marks: true, interrupts: false, badReads: 3 };
const afterGrace = shortOptions.gracePeriod + 1;

/**
 * Explores every way that the real create can go in a world of choices, in virtual time. It rests on two assumptions:
 * what a POST does shows in the list within the grace period after that POST ended for the client, by an answer, a fault or a kill;
 * and the platform keeps the key tag (platform-api §5).
 */
describe('createInstance, whatever becomes of its requests', () => {
  it('never makes a second instance, and never says what is not so', async () => {
    const { complaints, paths } = await explore((path) => walkCreate(path, calm));
    expect(complaints).toEqual(new Map());
    expect(paths).toBeGreaterThan(5_000);
  });

  it('makes no second one where the list of the plan lost it between two pages, lags or both, and the client is killed meanwhile', async () => {
    const shifting = { ...calm, shifts: true, isThere: true };
    const { complaints, paths } = await explore((path) => walkCreate(path, { ...shifting, kills: 1, badReads: 2 }));
    expect(complaints).toEqual(new Map());
    expect(paths).toBeGreaterThan(10);
    const made = await explore((path) =>
      walkCreate(path, { ...calm, shifts: true, kills: 1, rests: [0], badReads: 0 }),
    );
    expect(made.complaints).toEqual(new Map());
    expect(made.paths).toBeGreaterThan(500);
    const blind = await explore((path) => walkCreate(path, { ...shifting, blind: true, badReads: 0 }));
    expect(blind.complaints.get('second commit')?.at(-1)).toBe('POST: answered');
  });

  it('makes one when the look-up is taken away', async () => {
    const { complaints } = await explore((path) => walkCreate(path, { ...calm, blind: true, badReads: 0 }));
    console.info('Without the look-up, a second commit:', complaints.get('second commit'));
    expect(complaints.get('second commit')).toEqual(['POST: committed, answer lost', 'POST: answered']);
  });

  it('sends nothing after an interruption', async () => {
    const rules = { ...calm, interrupts: true, badReads: 1 };
    const { complaints, paths } = await explore((path) => walkCreate(path, rules));
    expect(complaints).toEqual(new Map());
    expect(paths).toBeGreaterThan(1_000);
  });

  it('makes no second one when it is killed at any moment, twice, and run again at once', async () => {
    const rules = { ...calm, kills: 2, rests: [0, 500, afterGrace], badReads: 1 };
    const { complaints, paths } = await explore((path) => walkCreate(path, rules));
    expect(complaints).toEqual(new Map());
    expect(paths).toBeGreaterThan(5_000);
  });

  it('makes no second one on another machine when the next run begins after the grace period, and may when it begins at once', async () => {
    const elsewhere = { ...calm, kills: 1, marks: false, badReads: 0 };
    const late = await explore((path) => walkCreate(path, { ...elsewhere, rests: [afterGrace] }));
    expect(late.complaints).toEqual(new Map());

    const early = await explore((path) => walkCreate(path, { ...elsewhere, rests: [0] }));
    console.info('Killed, and run again at once elsewhere, a second commit:', early.complaints.get('second commit'));
    expect(early.complaints.get('second commit')?.slice(-2)).toEqual(['run again: 0', 'POST: answered']);
  });
});

describe('two applies of one definition at the same time', () => {
  it('may make two instances, which is what the lock is for, and then the one that reads back last names both', async () => {
    const seen = { paths: 0, duplicates: 0, unreported: 0 };
    let shortest: readonly string[] | undefined;
    await explore(async (path) => {
      const race = await raceApplies(path);
      seen.paths += 1;
      if (race.ids.length < 2) return undefined;
      seen.duplicates += 1;
      if (shortest === undefined || path.trace.length < shortest.length) shortest = [...path.trace];
      if (!isReported(race)) seen.unreported += 1;
      return undefined;
    });
    console.info('Two applies at once:', seen, 'two instances:', shortest);
    expect(seen.paths).toBeGreaterThan(500);
    expect(seen.duplicates).toBeGreaterThan(0);
    expect(seen.unreported).toBe(0);
  });
});

/** Whether one of the applies names all instances that are there. */
function isReported({ ids, results }: Race): boolean {
  const failures = results.flatMap(({ outcomes }) => outcomes.flatMap(({ failure }) => failure ?? []));
  return failures.some((failure) => 'ids' in failure && ids.every((id) => failure.ids.includes(id)));
}
