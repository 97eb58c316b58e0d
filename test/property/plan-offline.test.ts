import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { OperationPorts } from '../../src/operation/operation-ports.ts';
import { planOffline } from '../../src/operation/plan-offline.ts';
import { draftSets, isNeeded } from '../support/draft-sets.ts';
import { type Draft, keyOf } from '../support/drafts.ts';
import { editPlaces, listPlaces, type Place, removePlaces } from '../support/edits.ts';
import { check, type Engine, withEngine } from '../support/engine.ts';
import { initRepository } from '../support/git.ts';
import type { Habits } from '../support/mangling-proxy.ts';
import { codesFor, pick, picks, worlds } from '../support/workspaces.ts';
import { planWords } from '../../src/report/plan/plan-codes.ts';

/** The sandbox's own way: what a platform makes of values is what no offline plan can know. */
const plainHabits: Habits = {
  keys: [],
  keyOrder: false,
  listOrder: false,
  tagOrder: false,
  jsonText: false,
  nullForEmpty: false,
  booleans: 'as sent',
  unknownFields: false,
  tagObjects: false,
  bareLists: false,
  noTotalCount: false,
  pageSize: undefined,
  tokenAfterLastPage: false,
  emptyLists: false,
  undeclaredKept: true,
};

/** What a pull request does: edits values, takes keys out, renames files, removes some, and brings others in. */
const edits = fc.record({ edited: picks, removed: picks, renamed: picks, dropped: picks, others: draftSets });

type Edits = typeof edits extends fc.Arbitrary<infer One> ? One : never;

function edit(drafts: readonly Draft[], { edited, removed, renamed, dropped, others }: Edits): readonly Draft[] {
  const changed = editPlaces(drafts, pick(listPlaces(drafts), edited));
  const fewer = removePlaces(changed, pick(listPlaces(changed).filter(isOptional), removed.slice(1)));
  const [moving, gone] = [pick(fewer, renamed.slice(1)), pick(fewer, dropped.slice(1))];
  const kept = fewer
    .filter((draft) => !gone.includes(draft))
    .map((draft) => (moving.includes(draft) ? toMoved(draft) : draft));
  const taken = new Set(kept.flatMap((draft) => [keyOf(draft), draft.path, `${draft.connector} ${draft.path.at(-1)}`]));
  const isFree = (draft: Draft) =>
    [keyOf(draft), draft.path, `${draft.connector} ${draft.path.at(-1)}`].every((one) => !taken.has(one));
  return [...kept, ...others.filter(isFree)];
}

function toMoved(draft: Draft): Draft {
  return { ...draft, path: `moved/${draft.path}` };
}

function isOptional({ draft, key }: Place): boolean {
  return !isNeeded(draft, key);
}

function fail(): never {
  throw new Error('An offline plan needs none of this.');
}

async function makeOffline(engine: Engine): Promise<Plan> {
  const ports: OperationPorts = {
    cwd: engine.directory,
    env: { PATH: process.env['PATH'], HOME: engine.directory },
    toolVersion: '0.0.0',
    words: planWords,
    startSandbox: fail,
    notice: fail,
    sleep: fail,
    random: fail,
    now: fail,
    date: fail,
  };
  const result = await planOffline(ports, {}, { base: 'HEAD' });
  if (result.kind !== 'planned') throw new Error(JSON.stringify(result.diagnostics.filter(isError)));
  return result.plan;
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function byKey({ changes }: Plan): ReadonlyMap<string, Change> {
  return new Map(changes.filter(({ action }) => action !== 'unchanged').map((change) => [change.key, change]));
}

/** Whether the change only adds or removes keys: the platform may have the values already, as its defaults. */
function dependsOnDefaults({ action, fields }: Change): boolean {
  return action === 'update' && fields.every(({ cause, before }) => cause === 'removed' || before === undefined);
}

describe('an offline plan', () => {
  it('has the actions of the plan that is made with a platform to which the base was applied', async () => {
    const property = fc.asyncProperty(worlds, edits, async (world, changes) => {
      await withEngine({ ...world, habits: plainHabits }, async (engine) => {
        initRepository(engine.directory);
        await engine.apply();
        const after = edit(world.drafts, changes);
        engine.write(after);
        engine.setSecrets({ ...world.secrets, ...codesFor([...world.drafts, ...after]) });

        const requests = engine.sandbox.instances().length;
        const offline = byKey(await makeOffline(engine));
        const online = byKey((await engine.plan()).plan);
        expect(engine.sandbox.instances()).toHaveLength(requests);
        const keys = [...new Set([...offline.keys(), ...online.keys()])].toSorted();
        const isExcused = (key: string) => {
          const change = offline.get(key);
          return !online.has(key) && change !== undefined && dependsOnDefaults(change);
        };
        const actions = (plan: ReadonlyMap<string, Change>) =>
          keys.filter((key) => !isExcused(key)).map((key) => `${key} ${plan.get(key)?.action ?? 'unchanged'}`);
        expect(actions(offline)).toEqual(actions(online));
      });
    });
    await check(property, 5);
  });

  it('is empty when nothing but the form of the files changed', async () => {
    const property = fc.asyncProperty(worlds, async (world) => {
      const keyed = world.drafts.map((draft) => ({ ...draft, key: keyOf(draft) }));
      await withEngine({ ...world, drafts: keyed, habits: plainHabits }, async (engine) => {
        initRepository(engine.directory);
        engine.write(keyed, { order: keyed.toReversed().map(turnedRound), single: true });
        const { changes, summary } = await makeOffline(engine);
        expect(changes.filter(({ action }) => action !== 'unchanged')).toEqual([]);
        expect(summary.unchanged).toBeGreaterThanOrEqual(changes.length);
      });
    });
    await check(property, 5);
  });
});

function turnedRound(draft: Draft): Draft {
  return { ...draft, configuration: Object.fromEntries(Object.entries(draft.configuration).toReversed()) };
}
