import { connector, type SandboxConnector } from './connector.ts';
import { baseUrl, entry, login, nullFilter, oauth2, pagination, polling, required, webhooks } from './entries.ts';

/** Connectors of the helpdesk hub. */
export const helpdesk: readonly SandboxConnector[] = [
  connector(
    { id: 123, key: 'autotaskhelpdesk', name: 'Autotask Helpdesk', hub: 'helpdesk', authentication: 'basic' },
    login('helpdesk.autotask.username', 'helpdesk.autotask.password'),
    [required('helpdesk.autotask.server.url', 'TEXTFIELD_1000', { about: 'Address of the log-in page.' })],
    pagination('page', '500'),
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
    { id: 491, key: 'freshdeskv2', name: 'Freshdesk V2', hub: 'helpdesk', authentication: 'basic' },
    baseUrl('https://{subdomain}.freshdesk.com/api/v2'),
    [
      required('subdomain', 'TEXTFIELD_128', { about: 'First label of the Freshdesk host.' }),
      required('username', 'TEXTFIELD_128', { about: 'API key.' }),
    ],
    pagination('page', '100'),
    nullFilter(),
    polling(),
  ),
  connector(
    { id: 120, key: 'jira', name: 'JIRA', hub: 'helpdesk', authentication: 'basic' },
    baseUrl('https://{jira.subdomain}.atlassian.net'),
    [entry('jira.subdomain', 'TEXTFIELD_128', { about: 'First label of the Jira host.' })],
    login('username', 'password'),
    pagination('offset', '100'),
    nullFilter(),
    webhooks(),
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
