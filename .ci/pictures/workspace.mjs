// The small workspace of the pictures: what was applied once, and what a pull request makes of it.

/** Where the environment is said to be: the port that the embedded platform has unless it is told another. */
export const port = 8787;

/** Definitions as they were applied. */
export const before = {
  'connectorctl.yaml': `version: 1
workspace: acme-integrations
defaultEnvironment: production
environments:
  production:
    baseUrl: http://127.0.0.1:${port}/elements/api-v2
    vars: { appHost: acme.example }
`,
  'instances/crm/closeio.yaml': `connector: closeio
name: Leads
configuration:
  username: \${{ secrets.CLOSEIO_API_KEY }}
`,
  'instances/files/contracts.yaml': `connector: sharefile
name: Contracts
configuration:
  oauth.api.key: \${{ secrets.SHAREFILE_KEY }}
  oauth.api.secret: \${{ secrets.SHAREFILE_SECRET }}
  oauth.callback.url: https://\${{ vars.appHost }}/oauth
  sharefile.subdomain: acme
  event.notification.enabled: true
  event.notification.callback.url: https://\${{ vars.appHost }}/contracts
  event.poller.refresh_interval: 15
providerData:
  code: \${{ secrets.SHAREFILE_CODE }}
`,
  'instances/legacy/campaigns.yaml': `connector: infobip
name: Campaigns 2019
configuration:
  messaging.sms.infobip.username: acme
  messaging.sms.infobip.password: \${{ secrets.INFOBIP_PASSWORD }}
  messaging.sms.infobip.sender: Acme
`,
  'instances/helpdesk/tickets.yaml': `connector: freshdeskv2
name: Tickets
configuration:
  subdomain: acme
  username: \${{ secrets.FRESHDESK_API_KEY }}
`,
  'instances/support/jira.yaml': `connector: jira
name: Support desk
configuration:
  jira.subdomain: acme
  username: integrations@acme.example
  password: \${{ secrets.JIRA_PASSWORD }}
  event.notification.enabled: true
  event.notification.callback.url: https://\${{ vars.appHost }}/jira
`,
};

/** Files as the pull request leaves them; undefined for one that it takes away. */
export const proposed = {
  'instances/files/board.yaml': `connector: egnyte
name: Board papers
configuration:
  oauth.api.key: \${{ secrets.EGNYTE_KEY }}
  oauth.api.secret: \${{ secrets.EGNYTE_SECRET }}
  oauth.callback.url: https://\${{ vars.appHost }}/oauth
  subdomain: acme
providerData:
  code: \${{ secrets.EGNYTE_CODE }}
`,
  'instances/files/contracts.yaml': before['instances/files/contracts.yaml'].replace('interval: 15', 'interval: 5'),
  'instances/helpdesk/tickets.yaml': undefined,
  'instances/legacy/campaigns.yaml': undefined,
  'instances/shop/orders.yaml': `connector: bigcommerce
name: Web shop
configuration:
  store.url: https://shop.acme.example/api/v2
  username: integrations
  password: \${{ secrets.BIGCOMMERCE_TOKEN }}
`,
  'instances/support/jira.yaml': before['instances/support/jira.yaml']
    .replace('subdomain: acme', 'subdomain: acme-emea')
    .replace('https://${{ vars.appHost }}', 'https://emea.example'),
  'instances/support/tickets.yaml': before['instances/helpdesk/tickets.yaml'],
};

/** What a person changes on the platform meanwhile, without telling anybody. */
export const byHand = { name: 'Contracts', configuration: { 'event.notification.enabled': 'false' } };

/** Secrets at the time of the first apply. The grant code of `files/board` is not there: a person has to consent first. */
export const secrets = toVariables({
  BIGCOMMERCE_TOKEN: 'made-up token',
  CLOSEIO_API_KEY: 'made-up key',
  EGNYTE_KEY: 'made-up client id',
  EGNYTE_SECRET: 'made-up client secret',
  FRESHDESK_API_KEY: 'made-up desk key',
  INFOBIP_PASSWORD: 'made-up password',
  JIRA_PASSWORD: 'made-up jira password',
  SHAREFILE_CODE: 'made-up grant code',
  SHAREFILE_KEY: 'made-up sharefile key',
  SHAREFILE_SECRET: 'made-up sharefile secret',
});

/** What of them is new at the time of the plan. */
export const rotated = toVariables({ SHAREFILE_SECRET: 'another sharefile secret' });

/** The commit that the pull request would merge. */
export const commit = '8d1f0c24a7be3b5b0a4f6f0a9e7d2c1b5a3f4e6d';

function toVariables(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`CONNECTORCTL_SECRET_${name}`, value]));
}
