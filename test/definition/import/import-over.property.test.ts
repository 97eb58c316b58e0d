import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDefinition } from '../../../src/definition/convert/write-definition.ts';
import type { Json } from '../../../src/model/json.ts';
import { buildPlan } from '../../../src/plan/build-plan.ts';
import { anInput, planTools } from '../../plan/tools.ts';
import { aLive } from '../../support/builders.ts';
import { times } from '../../support/seed.ts';
import { importLive, resolveText } from './round-trip.ts';

const keys = [
  'subdomain',
  'pagination.max',
  'event.notification.enabled',
  'quickbase.objects',
  'event.poller.configuration',
];
const texts = fc.constantFrom(
  'acme',
  '15',
  '1.10',
  'true',
  'false',
  '',
  "it's: # x",
  ' x ',
  '[1,{"a":2}]',
  '{"a":{"url":"/a"},"b":[1]}',
  '{ }',
);
const wanted = fc.oneof(
  texts,
  fc.boolean(),
  fc.integer({ min: 0, max: 99 }),
  fc.constantFrom<Json>({ a: { url: '/a', idField: 'id' }, b: [1, 2] }, {}, [1, { a: 2 }], ['x']),
);
const found = fc.oneof(texts, fc.constantFrom(null, '********'));
const tools = planTools();

describe('importInstance, over generated definitions', () => {
  it('leaves nothing to plan, and nothing to import again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), wanted),
        fc.dictionary(fc.constantFrom(...keys), found),
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
        (configuration, live, tags, userTags) => {
          const before = renderDefinition({
            connector: 'quickbase',
            name: 'Orders',
            tags,
            enabled: true,
            configuration,
          });
          const instance = aLive({
            id: '7',
            connector: 'quickbase',
            name: 'Orders 2',
            userTags,
            configuration: live,
            owner: null,
          });
          const over = (text: string) =>
            importLive(instance, { existing: { text, index: 0, desired: resolveText(text) } });
          const { yaml, diagnostics } = over(before);
          expect(diagnostics).toEqual([]);
          const { plan } = buildPlan(anInput({ desired: [resolveText(yaml)], live: [instance] }), tools);
          expect(plan.changes).toMatchObject([{ action: 'adopt', id: '7', fields: [] }]);
          expect(over(yaml).yaml).toBe(yaml);
        },
      ),
      times(100),
    );
  });
});
