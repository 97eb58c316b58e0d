import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import { isSecretKey } from '../../src/model/secret-key.ts';
import type { SandboxEntry } from '../../src/sandbox/catalogue/connector.ts';

/** Names of the secrets that any definition may refer to. */
export const sharedSecretNames = ['S0', 'S1', 'S2', 'S3'] as const;

/** Variables of the environment. */
export const variables = { host: 'hooks.example.com', word: 'Größe' };

/** What a key can hold, as far as validation and the sandbox care. */
export type Kind =
  | 'secret'
  | 'boolean'
  | 'choice'
  | 'minutes'
  | 'count'
  | 'poller'
  | 'json'
  | 'vendor'
  | 'url'
  | 'text';

const kindByKey: Readonly<Record<string, Kind>> = {
  'event.poller.refresh_interval': 'minutes',
  'event.poller.configuration': 'poller',
  'event.vendor.type': 'vendor',
  'bulk.add_metadata': 'boolean',
  'bulk.relations': 'json',
  'default.select.fields.map': 'json',
  'instance.variables': 'json',
  'custom.options': 'json',
  'pagination.max': 'count',
  'pagination.page.startindex': 'count',
};

/** What the key holds. `entry` is absent for a key that the connector does not declare. */
export function kindOf(key: string, entry?: SandboxEntry): Kind {
  const known = Object.hasOwn(kindByKey, key) ? kindByKey[key] : undefined;
  if (known !== undefined) return known;
  if (entry?.options !== undefined) return 'choice';
  if (entry?.type === 'PASSWORD' || isSecretKey(key)) return 'secret';
  if (entry?.type === 'BOOLEAN') return 'boolean';
  return /(?:url|Url)$/.test(key) ? 'url' : 'text';
}

const secretReference = fc.constantFrom(...sharedSecretNames).map((name) => `\${{ secrets.${name} }}`);
const variableReference = fc.constant('${{ vars.word }}');
const date = "${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}";

/** Texts that YAML, JSON, HTML, a terminal or a platform likes to spell its own way. */
const oddTexts = [
  'plain',
  ' Padded ',
  'Grüße 漢字 🙂',
  'é and e\u0301',
  'say "hi", it\'s #1',
  'two\nlines',
  '007',
  '1e3',
  'true',
  'null',
  '~',
  '- dash: [x]',
  '{"b":1, "a":[2]}',
  '<b>bold</b> & more',
  String.raw`back\slash \u0041 %7B`,
  '${epoch:ms}',
  date,
  '\u202eturned',
];

const text = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).filter((one) => !/[*•●<>_%…$]|\.{3}|xxx/i.test(one)),
);

const mixedText = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 1, arbitrary: fc.tuple(text, secretReference, text).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(text, variableReference).map((parts) => parts.join('')) },
);

const leaf: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.integer({ min: -9, max: 9 }),
  fc.boolean(),
  fc.constant(null),
  secretReference,
);
const object = fc.dictionary(
  fc.constantFrom('a', 'b', 'ü c', 'z.y'),
  fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })),
  {
    maxKeys: 4,
  },
);

const resource = fc.record(
  {
    url: fc.constantFrom(`/hubs/x/y?where=updated='${date}'`, "/hubs/x/y?since='${epoch}'", '/changes?a=1&b=ü'),
    idField: fc.constantFrom('id', 'Id'),
    datesConfiguration: fc.record(
      { updatedDateField: fc.constant('updated'), updatedDateFormat: fc.constant("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'") },
      { requiredKeys: [] },
    ),
    filterByUpdatedDate: fc.boolean(),
    pageSize: fc.integer({ min: 1, max: 500 }),
    note: secretReference,
  },
  { requiredKeys: ['url', 'idField'] },
);
const poller: fc.Arbitrary<Json> = fc
  .dictionary(fc.constantFrom('documents', 'orders', 'Größen'), resource, { minKeys: 1, maxKeys: 2 })
  .chain((one) => fc.constantFrom<Json[]>(one, JSON.stringify(one), JSON.stringify(one, undefined, 2), '', '{}'));

const arbitraryByKind: Readonly<Record<Exclude<Kind, 'choice'>, fc.Arbitrary<Json>>> = {
  secret: fc.oneof(
    secretReference,
    fc.tuple(secretReference, secretReference).map((parts) => parts.join(':')),
    secretReference.map((reference) => `Bearer ${reference}`),
  ),
  boolean: fc.constantFrom<Json[]>(true, false, 'true', 'false'),
  minutes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }).map(String)),
  count: fc.oneof(fc.nat({ max: 500 }), fc.nat({ max: 500 }).map(String)),
  poller,
  json: fc.oneof(
    object,
    object.map((one) => JSON.stringify(one)),
  ),
  vendor: fc.constantFrom('polling', 'webhook', 'webhooks'),
  url: fc.oneof(
    fc.constantFrom('https://api.example.com/v2', 'https://{subdomain}.example.com/ü', 'https://${{ vars.host }}/In'),
    secretReference.map((reference) => `https://api.example.com/?q=${reference}`),
  ),
  text: fc.oneof(mixedText, fc.integer({ min: -99, max: 99 })),
};

/** Any value for a key; never an empty one where `filled` says that it must hold something. */
export function valueFor(kind: Kind, entry: SandboxEntry | undefined, filled: boolean): fc.Arbitrary<Json> {
  if (kind === 'choice') return fc.constantFrom(...(entry?.options ?? []).map((option) => option.value));
  const values = arbitraryByKind[kind];
  const mayBeEmpty = kind === 'text' && !filled;
  return mayBeEmpty ? fc.oneof({ weight: 8, arbitrary: values }, { weight: 1, arbitrary: fc.constant('') }) : values;
}

/** A value that differs from every generated one, also in lower case and without blanks. */
export function freshValue(kind: Exclude<Kind, 'choice'>, current: Json | undefined, number: number): Json {
  switch (kind) {
    case 'boolean':
      return current !== true && current !== 'true';
    case 'vendor':
      return current === 'polling' ? 'webhook' : 'polling';
    case 'minutes':
    case 'count':
      return 1000 + number;
    case 'poller':
      return { edited: { url: `/edited/${number}?since='${date}'`, idField: 'id' } };
    case 'json':
      return { edited: number };
    case 'url':
      return `https://edited.example.com/${number}`;
    case 'secret':
      return `Edited-${number}-\${{ secrets.S0 }}`;
    case 'text':
      return `Edited ${number}`;
    default:
      return kind satisfies never;
  }
}
