import { connector, type SandboxConnector } from './connector.ts';
import { baseUrl, bulk, entry, login, nullFilter, oauth1, oauth2, pagination, polling, required } from './entries.ts';

/** BigCommerce: what is required hangs on the authentication type (platform-api §8). Its `password` is no PASSWORD. */
const bigcommerce = connector(
  { id: 192, key: 'bigcommerce', name: 'BigCommerce', hub: 'ecommerce', authentication: 'basic' },
  baseUrl('{store.url}'),
  [
    required('authentication.type', 'COMBO', {
      default: 'basic',
      controls: ['basic', 'custom'],
      about: 'basic for an API user, custom for an OAuth token.',
    }),
    required('store.url', 'TEXTFIELD_128', { name: 'API path' }),
    required('username', 'TEXTFIELD_128', { group: 'basic' }),
    required('password', 'TEXTFIELD_128', { group: 'basic', name: 'API token' }),
    required('oauth.api.key', 'TEXTFIELD_128', { group: 'custom', name: 'Client id', default: '' }),
    entry('oauth.api.secret', 'PASSWORD', { group: 'custom', name: 'Client secret' }),
    required('oauth.user.token', 'TEXTFIELD_128', { group: 'custom', name: 'Authentication token', default: '' }),
    entry('instance.variables', 'CODE_EDITOR'),
    entry('event.notification.basic.username', 'TEXTFIELD_1000', { default: '' }),
    entry('event.notification.basic.password', 'PASSWORD'),
  ],
  pagination('page', '20'),
  nullFilter(),
  bulk('min_date_modified', 'EEE, dd MMM yyyy HH:mm:ss Z'),
  polling({
    resources: {
      orders: {
        url: "/hubs/ecommerce/orders?where=min_date_modified='${date:EEE, dd MMM yyyy HH:mm:ss Z}'",
        idField: 'id',
        datesConfiguration: { updatedDateField: 'date_modified', createdDateField: 'date_created' },
      },
    },
  }),
);

const magento = connector(
  { id: 356, key: 'magento', name: 'Magento', hub: 'ecommerce', authentication: 'oauth1' },
  baseUrl('{store.url}/api/rest'),
  [required('store.url', 'TEXTFIELD_1000', { about: 'Address of the shop.' })],
  oauth1({
    request: '{store.url}/oauth/initiate',
    authorize: '{store.url}/admin/oauth_authorize',
    token: '{store.url}/oauth/token',
  }),
  pagination('page', '100'),
  bulk('', "yyyy-MM-dd'T'HH:mm:ssXXX"),
);

const greatplains = connector(
  { id: 124, key: 'greatplains', name: 'Microsoft Great Plains', hub: 'finance', authentication: 'custom' },
  login('greatplains.user.name', 'greatplains.user.password'),
  [required('greatplains.company.name'), required('greatplains.service.url', 'TEXTFIELD_1000')],
);

/** Sage One. One documented body has none of its OAuth keys, so none is required. */
const sageone = connector(
  { id: 3458, key: 'sageone', name: 'Sage One', hub: 'finance', authentication: 'oauth2' },
  baseUrl('https://api.columbus.sage.com/us/sageone'),
  oauth2({
    authorize: 'https://www.sageone.com/oauth2/auth',
    token: 'https://oauth.na.sageone.com/token',
    scope: 'full_access',
    required: false,
  }),
  [
    entry('signature.secret', 'TEXTFIELD_128', { about: 'Signing secret of the app.' }),
    entry('apim.subscription.key', 'TEXTFIELD_128'),
    entry('country', 'TEXTFIELD_32', { default: 'US' }),
    entry('resource_owner_id', 'TEXTFIELD_128', { internal: true }),
    entry('authentication.time', 'TEXTFIELD_32', { default: '', internal: true }),
  ],
  pagination('page', '200'),
  polling({
    resources: {
      customers: {
        url: "/hubs/finance/customers?where=lastModifiedDate>='${date:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
        idField: 'id',
        datesConfiguration: { updatedDateField: 'updated_at', createdDateField: 'created_at' },
      },
    },
  }),
);

/** Connectors of the ecommerce and finance hubs. */
export const business: readonly SandboxConnector[] = [bigcommerce, magento, greatplains, sageone];
