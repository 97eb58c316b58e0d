import { connector, type SandboxConnector } from './connector.ts';
import { baseUrl, bulk, entry, login, nullFilter, oauth2, pagination, polling, required } from './entries.ts';

const isoMask = "yyyy-MM-dd'T'HH:mm:ssXXX";
const salesforce = {
  authorize: 'https://login.salesforce.com/services/oauth2/authorize',
  token: 'https://login.salesforce.com/services/oauth2/token',
  scope: 'full refresh_token',
};

/** Connectors of the crm hub. */
export const crm: readonly SandboxConnector[] = [
  connector(
    { id: 1160, key: 'actessentials', name: 'Act! Essentials', hub: 'crm', authentication: 'basic' },
    baseUrl('https://app.act365.com/act/api'),
    login('username', 'password'),
    pagination('offset', '150'),
    bulk('createdAt', isoMask),
    polling(),
  ),
  connector(
    {
      id: 1161,
      key: 'actessentialsoauth',
      name: 'Act! Essentials OAuth',
      hub: 'crm',
      authentication: 'oauth2',
      needsGrant: false,
    },
    baseUrl('https://app.act365.com/act/api'),
    oauth2({
      authorize: 'https://app.act365.com/oauth/authorize',
      token: 'https://app.act365.com/oauth/token',
    }),
    pagination('offset', '150'),
    polling(),
  ),
  connector(
    { id: 48, key: 'base', name: 'Base CRM', hub: 'crm', authentication: 'oauth2' },
    baseUrl('https://api.getbase.com/v2'),
    oauth2({
      authorize: 'https://api.getbase.com/oauth2/authorize',
      token: 'https://api.getbase.com/oauth2/token',
      scope: 'read write profile',
    }),
    pagination('page', '100'),
    polling(),
  ),
  connector(
    { id: 119, key: 'closeio', name: 'Close.io', hub: 'crm', authentication: 'basic' },
    baseUrl('https://app.close.io/api/v1'),
    // Close.io's API key is given as the username, which is not masked (platform-api §7).
    [required('username', 'TEXTFIELD_128', { about: 'API key.' })],
    pagination('offset', '100'),
    nullFilter(),
    polling(),
  ),
  connector(
    { id: 5127, key: 'maximizer', name: 'Maximizer', hub: 'crm', authentication: 'oauth2' },
    baseUrl('{maximizer.url}'),
    [
      entry('maximizer.datacenter', 'TEXTFIELD_32'),
      entry('maximizer.url', 'TEXTFIELD_1000'),
      entry('maximizer.alias', 'TEXTFIELD_128'),
    ],
    oauth2({ authorize: '{maximizer.url}/oauth/authorize', token: '{maximizer.url}/oauth/token' }),
    pagination('page', '100'),
    polling(),
  ),
  connector(
    { id: 15, key: 'netsuitecrm', name: 'NetSuite CRM', hub: 'crm', authentication: 'custom' },
    login('user.username', 'user.password'),
    [
      required('netsuite.accountId', 'TEXTFIELD_32'),
      entry('netsuite.sandbox', 'BOOLEAN', { default: 'false', about: "Use the provider's own test account." }),
    ],
    pagination('page', '100'),
    polling({ interval: '5' }),
  ),
  connector(
    { id: 676, key: 'sagelive', name: 'Sage Live', hub: 'crm', authentication: 'oauth2' },
    baseUrl('https://eu5.salesforce.com'),
    oauth2(salesforce),
    [
      entry('session.id', 'TEXTFIELD_128', { default: '', internal: true }),
      entry('crm.session.refresh.time', 'TEXTFIELD_64', { default: '', internal: true }),
      entry('event.poller.urls', 'TEXTAREA', { default: '', hidden: true }),
    ],
    pagination('offset', '100'),
    bulk('CreatedDate', isoMask),
    polling({ resources: {} }),
  ),
  connector(
    { id: 503, key: 'salescloud', name: 'Oracle Sales Cloud', hub: 'crm', authentication: 'basic' },
    login('crm.salescloud.username', 'crm.salescloud.password'),
    [required('crm.salescloud.server.url', 'TEXTFIELD_1000')],
    polling(),
  ),
  connector(
    { id: 23, key: 'sfdc', name: 'Salesforce Sales Cloud', hub: 'crm', authentication: 'oauth2' },
    baseUrl('https://login.salesforce.com'),
    oauth2(salesforce),
    pagination('offset', '2000'),
    nullFilter(),
    bulk('LastModifiedDate', isoMask),
    polling(),
    [entry('event.objects', 'TEXTAREA', { about: 'Objects that are watched, separated by commas.' })],
  ),
];
