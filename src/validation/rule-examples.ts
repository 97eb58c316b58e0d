import { environmentTag } from '../tags/owner-tags.ts';

/** What a rule finds and what it does not: whole definitions, for the page of rules. A test holds both to the rule. */
export interface RuleExample {
  readonly bad: string;
  readonly good: string;
}

const head = 'connector: sharefile\nname: Sales\n';

/** Lines of the configuration, the rest of the definition being the same. */
function lines(bad: string, good: string): RuleExample {
  return { bad: configured(bad), good: configured(good) };
}

/** What ShareFile asks for, but for what an example is about. */
function configured(text: string): string {
  const app = ['oauth.api.key: ${{ secrets.SHAREFILE_KEY }}', 'oauth.api.secret: ${{ secrets.SHAREFILE_SECRET }}'];
  const rest = app.filter((line) => !text.includes(line.slice(0, line.indexOf(':'))));
  const all = [...rest, ...text.split('\n')];
  return `${head}configuration:\n${all.map((line) => `  ${line}\n`).join('')}`;
}

const subdomain = 'sharefile.subdomain: acme';
const configuration = configured(subdomain).slice(head.length);

/** Lines at the top, before a configuration. */
function fields(bad: string, good: string): RuleExample {
  return { bad: `${bad}\n${configuration}`, good: `${good}\n${configuration}` };
}

function polled(bad: string, good: string): RuleExample {
  return { bad: polling(bad), good: polling(good) };
}

function polling(inside: string): string {
  return configured(`event.poller.configuration:\n  documents:\n${inside.replaceAll(/^/gm, '    ')}`);
}

function smallest(name: string): string {
  return `connector: sharefile\nname: ${name}\n${configuration}`;
}

/** Two documents of one file, the second with one line or the other. */
function twice(first: string, bad: string, good: string, keys = 'key'): RuleExample {
  const [one, two] = keys === '' ? ['', ''] : ['key: sales\n', 'key: support\n'];
  const both = (second: string): string =>
    `${one}${first}\n${smallest('Sales')}---\n${two}${second}\n${smallest('Support')}`;
  return { bad: both(bad), good: both(good) };
}

/** A connector of which no entries are built in. */
function asana(bad: string, good: string): RuleExample {
  const start = 'connector: asana\nname: Tasks\nconfiguration:\n';
  return { bad: `${start}  ${bad}\n`, good: `${start}  ${good}\n` };
}

function closeio(key: string): string {
  return `connector: closeio\nname: Sales\nconfiguration:\n  ${key}: \${{ secrets.CLOSE_API_KEY }}\n`;
}

function shop(authentication: string): string {
  const login = '  username: robot\n  password: ${{ secrets.SHOP_PASSWORD }}\n';
  return `connector: bigcommerce\nname: Shop\nconfiguration:\n  store.url: https://shop.example.com\n  authentication.type: ${authentication}\n${login}`;
}

const url = 'url: /hubs/documents/events/poll/documents';

/** By the code of the rule. They hold with and without what is built in of connectors, but for those that compare with it. */
export const ruleExamples: ReadonlyMap<string, RuleExample> = new Map([
  ['adopt-for-all', fields(`${head}adopt: 4711`, `${head}adopt:\n  production: 4711`)],
  ['adopt-not-numeric', fields(`${head}adopt: sales`, `${head}adopt:\n  production: 4711`)],
  ['boolean-like', lines('filter.response.nulls: yes', 'filter.response.nulls: true')],
  [
    'broken-url',
    lines('oauth.callback.url: https;//hooks.example.com', 'oauth.callback.url: https://hooks.example.com'),
  ],
  ['comment-in-value', lines('sharefile.subdomain: acme #2', "sharefile.subdomain: 'acme #2'")],
  [
    'date-format-quotes',
    polled(
      `${url}\nidField: Id\ndatesConfiguration:\n  updatedDateFormat: yyyy-MM-dd'T`,
      `${url}\nidField: Id\ndatesConfiguration:\n  updatedDateFormat: yyyy-MM-dd'T'HH:mm:ss`,
    ),
  ],
  ['duplicate-tag', fields(`${head}tags: [crm, crm]`, `${head}tags: [crm, sales]`)],
  ['empty-value', fields('connector: sharefile\nname: ""', 'connector: sharefile\nname: Sales')],
  [
    'events-without-callback',
    lines(
      'event.notification.enabled: true',
      'event.notification.enabled: true\nevent.notification.callback.url: https://hooks.example.com/events',
    ),
  ],
  [
    'external-authentication',
    {
      bad: `${head}externalAuthentication: initial\nconfiguration:\n  oauth.api.key: \${{ secrets.KEY }}\n  oauth.api.secret: \${{ secrets.SECRET }}\n`,
      good: `${head}externalAuthentication: initial\nconfiguration:\n  oauth.api.key: \${{ secrets.KEY }}\n  oauth.api.secret: \${{ secrets.SECRET }}\n  oauth.user.refresh_token: \${{ secrets.REFRESH }}\n`,
    },
  ],
  ['html-in-text', fields('connector: sharefile\nname: <b>Sales</b>', 'connector: sharefile\nname: Sales')],
  [
    'ignore-without-key',
    fields(`${head}ignore: [configuration.other]`, `${head}ignore: [configuration.sharefile.subdomain]`),
  ],
  [
    'insecure-callback',
    lines(
      'event.notification.callback.url: http://hooks.example.com',
      'event.notification.callback.url: https://hooks.example.com',
    ),
  ],
  ['interval-not-whole-minutes', lines('event.poller.refresh_interval: 15m', 'event.poller.refresh_interval: 15')],
  ['invalid-key', fields(`key: Sales Team!\n${head}`.trimEnd(), `key: sales-team\n${head}`.trimEnd())],
  ['literal-mask', lines('oauth.api.secret: "********"', 'oauth.api.secret: ${{ secrets.SECRET }}')],
  ['literal-placeholder', lines('sharefile.subdomain: <SUBDOMAIN>', 'sharefile.subdomain: acme')],
  ['literal-secret', lines('oauth.api.secret: 8f3kq0z7m2c5', 'oauth.api.secret: ${{ secrets.SECRET }}')],
  ['malformed-reference', lines('oauth.api.secret: ${{ secret.SECRET }}', 'oauth.api.secret: ${{ secrets.SECRET }}')],
  ['secret-outside-configuration', fields('connector: sharefile\nname: ${{ secrets.NAME }}', head.trimEnd())],
  ['missing-field', fields('connector: sharefile', head.trimEnd())],
  ['null-in-configuration', lines('sharefile.subdomain:', 'sharefile.subdomain: acme')],
  ['odd-character', lines('sharefile.subdomain: “acme”', 'sharefile.subdomain: acme')],
  ['unknown-poller-field', polled(`${url}\nidfield: Id`, `${url}\nidField: Id`)],
  ['poller-not-json', lines('event.poller.configuration: "{documents"', 'event.poller.configuration: {}')],
  [
    'poller-url-quotes',
    polled(`${url}?where=d='\${gmtDate:yyyy}\nidField: Id`, `${url}?where=d='\${gmtDate:yyyy}'\nidField: Id`),
  ],
  ['poller-without-id-field', polled(url, `${url}\nidField: Id`)],
  ['poller-without-url', polled('idField: Id', `${url}\nidField: Id`)],
  [
    'reserved-tag',
    fields(`${head}tags: [${environmentTag({ workspace: 'acme', environment: 'production' })}]`, `${head}tags: [acme]`),
  ],
  ['surrounding-blanks', lines('sharefile.subdomain: "acme "', 'sharefile.subdomain: acme')],
  ['unknown-field', fields(`${head}protekt: true`, `${head}protect: true`)],
  [
    'unknown-platform-placeholder',
    polled(`${url}?where=d='\${today}'\nidField: Id`, `${url}?where=d='\${gmtDate:yyyy-MM-dd}'\nidField: Id`),
  ],
  ['unusual-value', lines('event.notification.enabled: maybe', 'event.notification.enabled: false')],
  [
    'duplicate-adopt',
    twice('adopt: { production: 4711 }', 'adopt: { production: 4711 }', 'adopt: { production: 4712 }'),
  ],
  ['duplicate-key', twice('key: sales', 'key: sales', 'key: support', '')],
  [
    'duplicate-name',
    {
      bad: `key: a\n${smallest('Sales')}---\nkey: b\n${smallest('Sales')}`,
      good: `key: a\n${smallest('Sales')}---\nkey: b\n${smallest('Support')}`,
    },
  ],
  [
    'key-needed',
    {
      bad: `${smallest('Sales')}---\nkey: b\n${smallest('Support')}`,
      good: `key: a\n${smallest('Sales')}---\nkey: b\n${smallest('Support')}`,
    },
  ],
  ['long-name', fields(`connector: sharefile\nname: ${'Sales '.repeat(60).trim()}`, head.trimEnd())],
  ['misplaced-field', fields(`${head}sharefile.subdomain: acme`, head.trimEnd())],
  [
    'nested-key',
    lines('oauth:\n  callback:\n    url: https://hooks.example.com', 'oauth.callback.url: https://hooks.example.com'),
  ],
  ['tags-in-configuration', lines('tags: [crm]', 'sharefile.subdomain: acme')],
  ['unknown-environment', fields(`${head}environments: [prodution]`, `${head}environments: [production]`)],
  ['unknown-event-key', asana('event.notification.enable: false', 'event.notification.enabled: false')],
  ['unknown-oauth-key', asana('oauth.scop: default', 'oauth.scope: default')],
  ['unset-reference', lines('sharefile.subdomain: ${{ vars.subdomian }}', 'sharefile.subdomain: ${{ vars.stage }}')],
  ['vendor-type', lines('event.vendor.type: poling', 'event.vendor.type: polling')],
  ['key-mismatch', fields(`key: instances/sales.yaml\n${head.trimEnd()}`, `key: sales\n${head.trimEnd()}`)],
  ['misplaced-reference', fields('connector: ${{ vars.stage }}\nname: Sales', head.trimEnd())],
  [
    'unused-override',
    fields(
      `${head}environments: [production]\noverrides:\n  staging: { name: Q }`,
      `${head}environments: [production]\noverrides:\n  production: { name: P }`,
    ),
  ],
  [
    'poller-resource-in-configuration',
    lines(
      `documents:\n  ${url}\n  idField: Id`,
      `event.poller.configuration:\n  documents:\n    ${url}\n    idField: Id`,
    ),
  ],
  ['unknown-connector', fields('connector: sharefiel\nname: Sales', head.trimEnd())],
  ['unknown-configuration-key', { bad: closeio('usernmae'), good: closeio('username') }],
  [
    'missing-configuration-key',
    {
      bad: 'connector: freshdeskv2\nname: Support\nconfiguration:\n  username: ${{ secrets.FRESHDESK_API_KEY }}\n',
      good: 'connector: freshdeskv2\nname: Support\nconfiguration:\n  username: ${{ secrets.FRESHDESK_API_KEY }}\n  subdomain: acme\n',
    },
  ],
  ['unknown-option', { bad: shop('bascic'), good: shop('basic') }],
  [
    'platform-key',
    { bad: `${closeio('username')}  event.notification.subscription.id: sub-4711\n`, good: closeio('username') },
  ],
  ['wrong-type', fields(`${head}protect: maybe`, `${head}protect: true`)],
]);
