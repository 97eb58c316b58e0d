import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertBody } from '../../src/definition/convert/convert-body.ts';
import { readBody } from '../../src/definition/convert/read-body.ts';
import { parseDocuments } from '../../src/definition/parse-documents.ts';
import type { Json } from '../../src/model/json.ts';
import { isSecretKey } from '../../src/model/secret-key.ts';
import { validateDocuments } from '../../src/validation/validate-documents.ts';
import { aContext, anEnvironment } from '../validation/check-text.ts';
import { anAnswer } from './import/answers.ts';
import { importLive, readAnswer, resolveText } from './import/round-trip.ts';

/** Placeholders in every form that documentation, providers and people write them. */
const placeholders = [
  'your-domain',
  'your_company',
  'your-api-key',
  'Your-Subdomain',
  '%HOST%',
  '%appdata%',
  '<PLACEHOLDER>',
  '<your account>',
  '<insert host here>',
  '</ROOT_DIR>',
  '< 5 >',
  '<OPTIONAL_REGION>',
  '<OWN_API_KEY>',
  'xxxxx',
  'XXXXXXXX',
  'axxxxxxb',
  'acme-xxxxx',
  'xxxxxxx@mail.example.com',
  'INSERT_TOKEN_HERE',
  'key=YOUR_KEY',
  '[REDACTED]',
  'redacted-1',
  '[redacted by us]',
  'redacted <BY_US>',
  'changeme',
  'change_me',
  '__QUEUE_NAME__',
  '...',
  '…',
  '  <PADDED>  ',
];
const masks = ['********', ' ******** ', '***', '******', '•••', '●●●●●●●●', 'pre********post', 'Bearer ••••••••'];
const blanks = ['', ' ', '\t', '\n'];
const sound = [
  'acme',
  '0012',
  'true',
  '*',
  'a**b',
  'xxl',
  'your',
  'changes',
  'a<b',
  '100 %',
  ' padded ',
  'https://acme.example.com/a?b=c',
  '${gmtDate:yyyy}',
  "x>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
  '{"a":"b"}',
  '[]',
];
const addresses = [
  'https://<shop>.example.com',
  'https://<SERVER_HOST>/<path>/x',
  'https://<1>.example.com',
  'https://eu.<YOUR_TENANT>.example.com',
  'https://YOUR_DOMAIN.example.com',
  'https://xxxxx.example.com/hook',
  'https://xxxxxxxx.example.com/<PATH>',
  'https://example.com/${gmtDate:yyyy}',
  '%HOST%',
  'your-domain',
  '********',
];
const jsonTexts = [...placeholders, ...masks, ...sound].map((text) => JSON.stringify({ a: text, b: [text, 1] }));

const texts = fc.oneof(
  fc.constantFrom(...placeholders),
  fc.constantFrom(...masks),
  fc.constantFrom(...blanks),
  fc.constantFrom(...sound),
  fc.constantFrom(...jsonTexts),
  // Two in one text, as nobody writes a list of all there are.
  fc
    .tuple(fc.constantFrom(...placeholders, ...masks, ...sound), fc.constantFrom(...placeholders, ...sound))
    .map(([one, other]) => `${one} ${other}`),
);
const urls = fc.constantFrom(...addresses);
const switches = fc.constantFrom('true', 'false', '<true_or_false>', 'your-key', '********');
const minutes = fc.constantFrom('15', '<minutes>', 'xxxxx', '********', '...');
const resource = fc.record({
  url: texts.map((text) => `/hubs/crm/contacts?where=a<b and c='${text.replaceAll(/['{}$]/g, '')}'`),
  idField: fc.oneof(fc.constant('id'), fc.constantFrom(...placeholders, ...masks)),
  datesConfiguration: fc.record({ updatedDateField: fc.oneof(fc.constantFrom(...placeholders), fc.constant('at')) }),
});
const pollers = fc.dictionary(fc.constantFrom('contacts', 'tokens', 'orders'), resource);

/** Values for keys of every kind: open, secret, address, switch, quantity, JSON of the connector, questions of the poller. */
const entries = fc.record(
  {
    subdomain: texts,
    username: texts,
    'event.metadata': texts,
    password: texts,
    'oauth.api.key': texts,
    'oauth.api.secret': texts,
    'base.url': urls,
    'oauth.callback.url': urls,
    'event.notification.enabled': switches,
    'event.poller.refresh_interval': minutes,
    'event.poller.urls': texts,
    'quickbase.objects': fc.constantFrom(...jsonTexts),
    headers: fc.constantFrom<string>(...jsonTexts),
  },
  { requiredKeys: [] },
);
const names = fc.oneof(texts, fc.constant('Orders'));
const tags = fc.array(fc.oneof(texts, fc.constantFrom('Docs', 'connectorctl/x', 'Connectorctl')), { maxLength: 3 });
const runs = { numRuns: Number(process.env['FC_RUNS'] ?? 120), seed: 9 };

/** Errors of validate when every secret is set, and every variable too. */
function findErrors(yaml: string): readonly string[] {
  const { documents, diagnostics } = parseDocuments('instances/a/b.yaml', yaml);
  const vars = Object.fromEntries(variablesIn(yaml).map((name) => [name, 'bound']));
  const environment = anEnvironment('production', vars);
  const context = aContext({ environments: new Map([[environment.name, environment]]), environment });
  const found = [...diagnostics, ...validateDocuments(documents, context)];
  return found.filter(({ severity }) => severity === 'error').map(({ code, detail }) => `${code}: ${detail}`);
}

function variablesIn(yaml: string): readonly string[] {
  return [...yaml.matchAll(/\$\{\{ vars\.(\w+) \}\}/g)].map(([, name = '']) => name);
}

describe('what convert writes', () => {
  it('is let through by validate, over generated bodies', () => {
    fc.assert(
      fc.property(entries, pollers, fc.boolean(), names, tags, (configuration, poller, asText, name, given) => {
        const { 'event.metadata': metadata, headers, ...plain } = configuration;
        const body: Json = {
          element: { key: 'box' },
          name,
          tags: given,
          configuration: {
            'event.notification.callback.url': 'https://hooks.example.com',
            ...plain,
            ...(metadata === undefined ? {} : { 'event.metadata': metadata }),
            // The same JSON once as a text and once as it is.
            ...(headers === undefined ? {} : { headers: JSON.parse(headers) }),
            'event.poller.configuration': asText ? JSON.stringify(poller) : poller,
          },
          providerData: { code: name },
        };
        const read = readBody('body.json', JSON.stringify(body));
        if (!read.ok) throw new Error('not read');
        const { yaml, vars } = convertBody(read.value, { isSecretKey });
        expect(findErrors(yaml)).toEqual([]);
        expect([...new Set(variablesIn(yaml))].toSorted()).toEqual(vars.toSorted());
      }),
      runs,
    );
  });

  it.each([...placeholders, ...masks])('is never %j', (text) => {
    const configuration = { subdomain: text, password: text, 'base.url': text, headers: { Accept: text } };
    const read = readBody('body.json', JSON.stringify({ element: { key: 'box' }, name: text, configuration }));
    if (!read.ok) throw new Error('not read');
    expect(findErrors(convertBody(read.value, { isSecretKey }).yaml)).toEqual([]);
  });
});

describe('what import writes', () => {
  it('is let through by validate, over generated live instances', () => {
    fc.assert(
      fc.property(entries, pollers, names, tags, (configuration, poller, name, given) => {
        const events = { 'event.notification.enabled': 'true', 'event.notification.callback.url': 'https://a.example' };
        const live = readAnswer({
          ...anAnswer('box', name, {
            ...events,
            ...configuration,
            'event.poller.configuration': JSON.stringify(poller),
          }),
          tags: given,
        });
        const { yaml } = importLive(live);
        expect(findErrors(yaml)).toEqual([]);
      }),
      runs,
    );
  });

  it('is let through by validate, written over a definition', () => {
    fc.assert(
      fc.property(entries, pollers, names, tags, (configuration, poller, name, given) => {
        const live = readAnswer({
          ...anAnswer('box', name, { ...configuration, 'event.poller.configuration': JSON.stringify(poller) }),
          tags: given,
        });
        const text = [
          'connector: box',
          'name: Orders',
          'tags: [Docs]',
          'configuration:',
          '  subdomain: old',
          '  username: ${{ vars.stage }}',
          '  base.url: https://old.example.com',
          '  oauth.callback.url: https://old.example.com',
          '  quickbase.objects: { a: old, c: 1 }',
          '  headers: "{}"',
          '  event.poller.configuration:',
          '    contacts: { url: /old, idField: id }',
          '',
        ].join('\n');
        const environment = anEnvironment('production', { stage: 'test' });
        const { yaml } = importLive(live, {
          existing: { text, index: 0, desired: resolveText(text, { environment }) },
        });
        expect(findErrors(yaml)).toEqual([]);
      }),
      runs,
    );
  });
});
