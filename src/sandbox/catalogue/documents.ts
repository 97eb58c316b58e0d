import { connector, type SandboxConnector } from './connector.ts';
import { baseUrl, bulk, entry, nullFilter, oauth2, oauth2Refresh, pagination, polling, required } from './entries.ts';

/** ShareFile, with the two keys that do not come back as they were sent (platform-api §3, §7, §8). */
const sharefile = connector(
  { id: 450, key: 'sharefile', name: 'Sharefile', hub: 'documents', authentication: 'oauth2' },
  baseUrl('https://{sharefile.subdomain}.sf-api.com/sf/v3'),
  [
    required('oauth.api.key', 'TEXTFIELD_128', { about: 'Client id of the app that is registered with ShareFile.' }),
    required('oauth.api.secret', 'TEXTFIELD_128', { about: 'Client secret of that app.' }),
    required('oauth.callback.url', 'TEXTFIELD_1000', {
      about: 'Where ShareFile sends the browser back to after consent.',
      comesBackAs: 'sharefile.callback.url',
    }),
    required('sharefile.subdomain', 'TEXTFIELD_128', { about: 'First label of the ShareFile host.' }),
    entry('document.root.folder.name', 'TEXTFIELD_128', {
      about: 'Folder that is seen as the root.',
      neverReturned: true,
    }),
    entry('sharefile.auth.url', 'TEXTFIELD_1000', {
      default: 'https://secure.sharefile.com/oauth/index.aspx',
      internal: true,
    }),
    entry('sharefile.token.url', 'TEXTFIELD_1000', {
      default: 'https://secure.sharefile.com/oauth/token?grant_type=authorization_code',
      internal: true,
    }),
    entry('sharefile.format', 'TEXTFIELD_32', { default: 'json', internal: true }),
    entry('oauth.user.token', 'TEXTFIELD_128', { internal: true }),
  ],
  oauth2Refresh(),
  pagination('', '100'),
  polling({ interval: '5' }),
  [
    entry('event.poller.urls', 'TEXTAREA', {
      default:
        "documents|/hubs/documents/events/poll/documents?where=lastmodifieddate='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
      hidden: true,
    }),
    entry('event.notification.subscription.id', 'TEXTFIELD_64', { internal: true }),
  ],
);

const egnyte = connector(
  { id: 6698, key: 'egnyte', name: 'Egnyte', hub: 'documents', authentication: 'oauth2' },
  baseUrl('https://{subdomain}.egnyte.com/pubapi/v1'),
  [required('subdomain', 'TEXTFIELD_128', { about: 'First label of the Egnyte host.' })],
  oauth2({
    authorize: 'https://{subdomain}.egnyte.com/puboauth/token',
    token: 'https://{subdomain}.egnyte.com/puboauth/token',
  }),
  pagination('offset', '100'),
  polling(),
);

const googledrive = connector(
  { id: 21, key: 'googledrive', name: 'Google Drive', hub: 'documents', authentication: 'oauth2' },
  baseUrl('https://www.googleapis.com/drive/v3'),
  [entry('document.root.folder.name', 'TEXTFIELD_128', { about: 'Folder that is seen as the root.' })],
  oauth2({
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth?access_type=offline',
    token: 'https://www.googleapis.com/oauth2/v4/token',
    scope: 'https://www.googleapis.com/auth/drive',
  }),
  pagination('cursor', '100'),
  nullFilter(),
  bulk('modifiedTime', "yyyy-MM-dd'T'HH:mm:ss"),
  polling(),
);

/** Connectors of the documents hub. */
export const documents: readonly SandboxConnector[] = [sharefile, egnyte, googledrive];
