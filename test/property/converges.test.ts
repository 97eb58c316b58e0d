import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, check, type Engine, withEngine, writesOf } from '../support/engine.ts';
import type { Draft } from '../support/drafts.ts';
import { draftSets } from '../support/draft-sets.ts';
import { codesFor, type World, worlds } from '../support/workspaces.ts';

/** What is left to do when it is planned and applied again and again: nothing but what waits for a person. */
async function listLeft(engine: Engine): Promise<readonly string[]> {
  const runs = [await engine.plan(), await engine.plan(), await engine.apply(), await engine.plan()];
  const changes = runs.flatMap(({ plan }) => changesOf(plan)).filter((change) => !change.startsWith('orphan '));
  return [
    ...changes,
    ...runs.flatMap(({ requests }) => writesOf(requests).map(({ method, path }) => `${method} ${path}`)),
  ];
}

describe('after an apply', () => {
  it('the plan is empty, and another apply sends nothing, whatever the platform does to the values', async () => {
    const property = fc.asyncProperty(worlds, async (world) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        const { plan } = await engine.plan();
        expect(changesOf(plan)).toEqual([]);
        expect(await listLeft(engine)).toEqual([]);
      });
    });
    await check(property, 5);
  });

  it('of other definitions than before, the plan is empty too, also without the grant codes', async () => {
    const property = fc.asyncProperty(worlds, draftSets, async (world, drafts) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        // A grant code works once, so that there is a new one for each instance that is made now.
        const secrets = { ...world.secrets, ...codesFor(drafts, 2) };
        engine.setSecrets(secrets);
        engine.write(drafts);
        await engine.apply();
        engine.setSecrets(withoutCodes(secrets, drafts));
        expect(await listLeft(engine)).toEqual([]);
      });
    });
    await check(property, 5);
  });
});

/** All but the grant codes, which nobody has any more. */
function withoutCodes(secrets: World['secrets'], drafts: readonly Draft[]): World['secrets'] {
  const configurations = JSON.stringify(drafts.map(({ configuration }) => configuration));
  const isKept = (name: string) => !name.startsWith('CODE_') || configurations.includes(`secrets.${name} `);
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => isKept(name)));
}
