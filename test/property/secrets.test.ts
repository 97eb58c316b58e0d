import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { renderPlanJson } from '../../src/report/plan/render-plan-json.ts';
import { renderPlanMarkdown } from '../../src/report/plan/render-plan-markdown.ts';
import { renderPlanText } from '../../src/report/plan/render-plan-text.ts';
import { sandboxCredentials } from '../../src/sandbox/sandbox.ts';
import { sharedSecretNames } from '../support/draft-values.ts';
import { editPlaces, fieldAt, listPlaces, type Place, removePlaces } from '../support/edits.ts';
import { changesOf, check, describeWrite, type Engine, fieldsOf, withEngine, writesOf } from '../support/engine.ts';
import { configurationOf } from '../support/drafts.ts';
import { isNeeded } from '../support/draft-sets.ts';
import { pick, picks, rotated, worlds } from '../support/workspaces.ts';

const anySecret = fc.constantFrom(...sharedSecretNames);

function usesSecret({ value }: Place, name: string): boolean {
  return JSON.stringify(value).includes(`secrets.${name} `);
}

describe('a rotated secret', () => {
  it('marks exactly the keys that refer to it, in exactly the instances that use it, also when it is masked', async () => {
    const property = fc.asyncProperty(worlds, anySecret, async (world, name) => {
      await withEngine(world, async (engine) => {
        await engine.apply();
        engine.setSecrets({ ...world.secrets, [name]: rotated(world.secrets[name] ?? '') });
        const places = listPlaces(world.drafts).filter((place) => usesSecret(place, name));

        const { plan } = await engine.plan();
        expect(fieldsOf(plan)).toEqual(places.map((place) => fieldAt(place, 'secret')).toSorted());
        const { requests } = await engine.apply();
        const sent = writesOf(requests).flatMap((request) => {
          const { target, keys } = describeWrite(request);
          return keys.map((key) => `${target} ${key}`);
        });
        const expected = places.map(({ draft, key }) => `PATCH /instances/${engine.instanceOf(draft).id} ${key}`);
        expect(sent.toSorted()).toEqual(expected.toSorted());
        expect(changesOf((await engine.plan()).plan)).toEqual([]);
      });
    });
    await check(property, 5);
  });
});

describe('no secret', () => {
  it('stands in a plan, in any form or format, neither a new one nor the one before', async () => {
    const property = fc.asyncProperty(
      fc.record({ world: worlds, rotates: anySecret, edited: picks, removed: picks, opened: picks, outside: picks }),
      async ({ world, rotates, edited, removed, opened, outside }) => {
        await withEngine(world, async (engine) => {
          const renewed = { ...world.secrets, [rotates]: rotated(world.secrets[rotates] ?? '') };
          const texts = [...Object.values(world.secrets), ...Object.values(renewed)];
          expect(listLeaks((await engine.plan()).plan, texts)).toEqual([]);
          await engine.apply();

          const places = listPlaces(world.drafts);
          for (const place of pick(places, outside)) {
            // Somebody's own secret, where a secret stands.
            const drifted = refersToSecret(place) ? `Drifted-Canary-${texts[0]}` : 'Drifted';
            engine.sandbox.change(engine.instanceOf(place.draft).id, { configuration: { [place.key]: drifted } });
          }
          engine.setSecrets(renewed);
          // What stands there now came from a secret, and only the platform still knows it.
          const kept = removePlaces(world.drafts, pick(places.filter(isRemovable), removed));
          const open = editPlaces(kept, pick(listPlaces(kept).filter(isOpenable), opened));
          engine.write(editPlaces(open, pick(listPlaces(open), edited), 2));
          expect(listLeaks((await engine.plan()).plan, [...texts, ...secretsOf(engine)])).toEqual([]);
        });
      },
    );
    await check(property, 5);
  });
});

function refersToSecret({ value }: Place): boolean {
  return JSON.stringify(value).includes('secrets.');
}

function isRemovable(place: Place): boolean {
  const { draft, key } = place;
  return refersToSecret(place) && !isNeeded({ ...draft, configuration: configurationOf(draft) }, key);
}

/** Whether an edit puts a text that everybody may read in the place of a reference. */
function isOpenable(place: Place): boolean {
  return refersToSecret(place) && place.kind !== 'secret';
}

/** What only the platform knows, and the credentials. */
function secretsOf({ sandbox }: Engine): readonly string[] {
  const tokenKeys = ['oauth.user.token', 'oauth.user.token.secret', 'oauth.user.refresh_token'];
  const tokens = sandbox.instances().map(({ token }) => token);
  const granted = sandbox.instances().flatMap(({ configuration }) => tokenKeys.map((key) => configuration[key] ?? ''));
  return [...tokens, ...granted.filter((text) => text !== ''), ...Object.values(sandboxCredentials)];
}

/** Forms and parts of secrets that stand in any report of the plan. */
function listLeaks(plan: Plan, secrets: readonly string[]): readonly string[] {
  const shown = [
    JSON.stringify(plan),
    renderPlanJson(plan),
    renderPlanMarkdown(plan),
    ...[80, 5000].map((width) => renderPlanText(plan, { color: false, width, verbose: true })),
  ].join('\n');
  // Each generated secret has one of these words in each half, so that a part of one is found too.
  const parts = shown.match(/canary|yranac|code\+/gi) ?? [];
  return [...parts, ...secrets.flatMap(listForms).filter((form) => shown.includes(form))];
}

function listForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    secret.trim(),
    secret.toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('base64').replaceAll('=', ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}
