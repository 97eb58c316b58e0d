import { connector, type SandboxConnector } from './connector.ts';
import {
  baseUrl,
  bulk,
  entry,
  login,
  nullFilter,
  oauth1,
  oauth2,
  pagination,
  polling,
  required,
  webhooks,
} from './entries.ts';

const isoMask = "yyyy-MM-dd'T'HH:mm:ssXXX";
const salesforce = {
  authorize: 'https://login.salesforce.com/services/oauth2/authorize',
  token: 'https://login.salesforce.com/services/oauth2/token',
  scope: 'full refresh_token',
};

/** Connectors with documented bodies of which no real entries are known: they are played as the bodies show them. */
export const unlisted: readonly SandboxConnector[] = [
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
    { id: 4303, key: 'asana', name: 'Asana', hub: 'general', authentication: 'oauth2' },
    baseUrl('https://app.asana.com/api/1.0'),
    oauth2({
      authorize: 'https://app.asana.com/-/oauth_authorize',
      token: 'https://app.asana.com/-/oauth_token',
    }),
    [
      // Required, hidden and with a default: "must have a value after defaults" (platform-api §8).
      required('oauth.callback.url', 'TEXTFIELD_1000', { default: 'auth.cloudelements.io/oauth', hidden: true }),
      entry('default.select.fields.map', 'TEXTAREA'),
      entry('event.notification.signature.key', 'TEXTFIELD_128', { hidden: true }),
    ],
    pagination('offset', '100'),
    nullFilter(),
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
    { id: 117, key: 'connectwisehd', name: 'ConnectWise', hub: 'helpdesk', authentication: 'custom' },
    login('helpdesk.connectwise.username', 'helpdesk.connectwise.password'),
    [
      required('helpdesk.connectwise.server.url', 'TEXTFIELD_1000'),
      required('helpdesk.connectwise.company', 'TEXTFIELD_128'),
      entry('helpdesk.connectwise.wsdl.path', 'TEXTFIELD_128', { default: '/v2015_3/apis/2.0/', hidden: true }),
    ],
    webhooks(),
  ),
  connector(
    { id: 356, key: 'magento', name: 'Magento', hub: 'ecommerce', authentication: 'oauth1' },
    baseUrl('{store.url}/api/rest'),
    [required('store.url', 'TEXTFIELD_1000', { about: 'Address of the shop.' })],
    oauth1({
      request: '{store.url}/oauth/initiate',
      authorize: '{store.url}/admin/oauth_authorize',
      token: '{store.url}/oauth/token',
    }),
    pagination('page', '100'),
    bulk('', isoMask),
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
    { id: 41, key: 'wrike', name: 'Wrike', hub: 'helpdesk', authentication: 'oauth2' },
    baseUrl('https://www.wrike.com/api/v4'),
    oauth2({
      authorize: 'https://www.wrike.com/oauth2/authorize',
      token: 'https://www.wrike.com/oauth2/token',
      scope: 'wsReadWrite',
    }),
    webhooks(),
    [entry('helpdesk.wrike.webhook.trigger_id', 'TEXTFIELD_64', { internal: true })],
  ),
];
