import { connector, type SandboxConnector } from './connector.ts';
import { baseUrl, bulk, entry, login, nullFilter, oauth2, pagination, polling, required, webhooks } from './entries.ts';

const asana = connector(
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
);

const github = connector(
  { id: 6291, key: 'github', name: 'GitHub', hub: 'general', authentication: 'oauth2' },
  baseUrl('https://api.github.com'),
  [
    required('github.organization', 'TEXTFIELD_32', { about: 'Organisation whose events are listened to.' }),
    required('github.repository', 'TEXTFIELD_32', { about: 'Repository whose events are listened to.' }),
  ],
  oauth2({
    authorize: 'https://github.com/login/oauth/authorize',
    token: 'https://github.com/login/oauth/access_token',
  }),
  pagination('page', '100'),
  webhooks(),
);

const googlesuite = connector(
  { id: 9386, key: 'googlesuite', name: 'Google Suite', hub: 'general', authentication: 'oauth2' },
  baseUrl('https://www.googleapis.com'),
  oauth2({
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth?access_type=offline',
    token: 'https://www.googleapis.com/oauth2/v4/token',
  }),
  pagination('cursor', '250'),
  polling({ resources: {} }),
);

const infobip = connector(
  { id: 37, key: 'infobip', name: 'Infobip', hub: 'messaging', authentication: 'basic' },
  login('messaging.sms.infobip.username', 'messaging.sms.infobip.password'),
  [
    required('messaging.sms.infobip.sender', 'TEXTFIELD_32', { about: 'Number that messages come from.' }),
    entry('messaging.sms.infobip.callback.url', 'TEXTFIELD_1000'),
  ],
);

const lithiumlsw = connector(
  { id: 814, key: 'lithiumlsw', name: 'Lithium Response', hub: 'social', authentication: 'basic' },
  baseUrl('https://{baseUrl}/api/v2'),
  [required('baseUrl', 'TEXTFIELD_128', { about: 'Host of the Lithium Response account.' })],
  login('username', 'password'),
  pagination('offset', '10'),
  bulk('', 'milliseconds'),
  polling({
    resources: { authors: { url: "/hubs/social/authors/changes?where=since='${epoch:ms}'", idField: 'lswUuid' } },
  }),
);

const mysql = connector(
  { id: 312, key: 'mysql', name: 'MySQL', hub: 'db', authentication: 'basic' },
  login('username', 'password'),
  [
    required('db.host', 'TEXTFIELD_128', { about: 'Host and port.' }),
    required('db.name'),
    entry('db.table.names', 'TEXTAREA', { about: 'Tables that are exposed; all when empty.' }),
  ],
);

/** Connectors of the general, messaging, social and database hubs. */
export const general: readonly SandboxConnector[] = [asana, github, googlesuite, infobip, lithiumlsw, mysql];
