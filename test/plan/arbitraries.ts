import * as fc from 'fast-check';
import type { DesiredInstance, DesiredValue } from '../../src/model/desired.ts';
import { Secret } from '../../src/model/secret.ts';
import { aDesired } from '../support/builders.ts';
import { manglings } from './mangling-platform.ts';
import type { Mangling } from './mangling-platform.ts';

const plainKeys = [
  'sharefile.subdomain',
  'base.url',
  'event.poller.refresh_interval',
  'event.notification.enabled',
  'event.notification.callback.url',
  'event.poller.configuration',
  'instance.variables',
  'document.root.folder.name',
  'a/b~c',
];
const secretKeys = ['password', 'oauth.api.secret', 'oauth.callback.url'];
/** Now in clear, now from a secret; nothing in the key tells. */
const eitherKeys = ['username', 'account'];

export const configurationKeys = [...plainKeys, ...secretKeys, ...eitherKeys];

/** Text that a platform likes to spell its own way. */
export const text = fc.oneof(
  fc.constantFrom('', ' ', 'A', 'a', ' a', 'true', '{}', '{ }', '{"a":1,"b":2}', 'https://A.example/x', 'null', '0'),
  fc.string({ maxLength: 8 }).filter((one) => one !== '********'),
);

const plainValue: fc.Arbitrary<DesiredValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(text, fc.integer(), fc.array(text, { maxLength: 2 }))),
);

/** A secret whose text cannot stand anywhere by chance. */
export const secretText = fc
  .tuple(fc.integer({ min: 10, max: 14 }), fc.constantFrom('', '"', ' / + ', '\n', 'ü'))
  .map(([number, odd]) => `Canary-${number}${odd}${number}-yranaC`);

const secretValue = secretText.map((one) => new Secret(one, 'secrets.NAME'));

const configuration = fc.record(
  Object.fromEntries([
    ...plainKeys.map((key) => [key, plainValue]),
    ...secretKeys.map((key) => [key, secretValue]),
    ...eitherKeys.map((key) => [key, fc.oneof(plainValue, secretValue)]),
  ]),
  { requiredKeys: [] },
);

const name = fc.constantFrom('A', 'B', '<b>A</b>', ' B ', 'C');
const key = fc.constantFrom('a', 'b', 'c', 'd/e');

const desired: fc.Arbitrary<DesiredInstance> = fc
  .record(
    {
      key,
      name,
      connector: fc.constantFrom('sharefile', 'sharefile', 'sharefile', 'box'),
      configuration,
      tags: fc.array(fc.constantFrom('x', ' y', '<i>z</i>', 'X'), { maxLength: 3 }),
      enabled: fc.boolean(),
      adopt: fc.constantFrom('1', '2', '3'),
      ignore: fc.subarray(configurationKeys, { maxLength: 2 }),
      protect: fc.boolean(),
    },
    { requiredKeys: ['key', 'name', 'connector', 'configuration'] },
  )
  .map((options) => aDesired(options));

/** The definitions of one revision, each key once. */
export const revision = fc.uniqueArray(desired, { selector: (one) => one.key, maxLength: 4 });

/** What a platform does to each key, always the same. */
export const manglingOf: fc.Arbitrary<(key: string) => Mangling> = fc
  .array(fc.constantFrom(...manglings), { minLength: configurationKeys.length, maxLength: configurationKeys.length })
  .map(
    (list) =>
      (one: string): Mangling =>
        list[configurationKeys.indexOf(one)] ?? 'keep',
  );

/** Something that happens on the platform behind our back. */
export const event = fc.record({
  id: fc.constantFrom('1', '2', '3', '4'),
  key: fc.constantFrom(...plainKeys),
  value: text,
  forgets: fc.boolean(),
});
