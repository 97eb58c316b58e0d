import { connector, type SandboxConnector } from './connector.ts';
import { baseUrl, entry, nullFilter, oauth2, pagination, polling, webhooks } from './entries.ts';

/** Connectors of the marketing hub. */
export const marketing: readonly SandboxConnector[] = [
  connector(
    { id: 66, key: 'constantcontact', name: 'Constant Contact', hub: 'marketing', authentication: 'oauth2' },
    baseUrl('https://api.constantcontact.com/v2'),
    oauth2({
      authorize: 'https://oauth2.constantcontact.com/oauth2/oauth/siteowner/authorize',
      token: 'https://oauth2.constantcontact.com/oauth2/oauth/token',
    }),
    pagination('cursor', '50'),
    nullFilter(),
    polling(),
  ),
  connector(
    // Documented bodies log in with an API user or with OAuth, and do not say which: nothing can be required.
    { id: 13_766, key: 'icontact', name: 'iContact', hub: 'marketing', authentication: 'custom' },
    baseUrl('https://app.icontact.com/icp/a'),
    [
      entry('api.version', 'TEXTFIELD_32'),
      entry('AppID', 'TEXTFIELD_128', { about: 'Id of the app that is registered with iContact.' }),
      entry('api.username', 'TEXTFIELD_128'),
      entry('api.password', 'PASSWORD'),
      entry('oauth.api.key', 'TEXTFIELD_128'),
      entry('oauth.api.secret', 'PASSWORD'),
      entry('oauth.callback.url', 'TEXTFIELD_1000'),
    ],
    pagination('offset', '100'),
    polling(),
  ),
  connector(
    { id: 527, key: 'mailchimpv3', name: 'MailChimp v3.0', hub: 'marketing', authentication: 'oauth2' },
    baseUrl('https://{mailchimp.datacenter}.api.mailchimp.com/3.0'),
    // Learnt at log-in (platform-api §7).
    [entry('mailchimp.datacenter', 'TEXTFIELD_32', { internal: true })],
    oauth2({
      authorize: 'https://login.mailchimp.com/oauth2/authorize',
      token: 'https://login.mailchimp.com/oauth2/token',
    }),
    pagination('offset', '1000'),
    webhooks(),
  ),
];
