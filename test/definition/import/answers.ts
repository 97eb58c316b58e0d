/** Answers of `GET /instances/{id}` in the shapes that the platform has (platform-api §3, §7), with values of our own. */
export const answers: Readonly<Record<string, unknown>> = {
  'OAuth 2 with tokens, templates and an alias': anAnswer('sharefile', 'Contracts (EU)', {
    'base.url': 'https://{sharefile.subdomain}.files.example/v3',
    'document.root.folder.name': '/contracts',
    'event.notification.callback.url': null,
    'event.notification.enabled': 'false',
    'event.notification.signature.key': null,
    'event.notification.subscription.id': null,
    'event.poller.refresh_interval': '5',
    'event.poller.urls': "files|/hubs/documents/files?where=changed='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
    'event.vendor.type': 'polling',
    'oauth.api.key': 'key of ours',
    'oauth.api.secret': 'secret of ours',
    'oauth.user.refresh_time': '1700000000000',
    'oauth.user.refresh_token': 'refresh of ours',
    'oauth.user.token': 'token of ours',
    'pagination.max': '100',
    'pagination.type': '',
    'sharefile.auth.url': 'https://login.files.example/authorize',
    'sharefile.callback.url': 'https://app.example.com/back',
    'sharefile.subdomain': 'acme',
    'sharefile.token.url': 'https://login.files.example/token',
  }),
  'polling with an object as text': anAnswer('freshdeskv2', 'Support', {
    'event.notification.callback.url': 'https://hooks.example.com/events',
    'event.notification.enabled': 'true',
    'event.notification.signature.key': '********',
    'event.poller.configuration': JSON.stringify({
      tickets: {
        url: "/hubs/helpdesk/tickets?where=updated_at>='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
        idField: 'id',
        datesConfiguration: {
          updatedDateField: 'updated_at',
          updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
          createdDateField: 'created_at',
          createdDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
        },
        pageSize: 200,
      },
    }),
    'event.poller.refresh_interval': '15',
    'event.vendor.type': 'polling',
    'filter.response.nulls': 'true',
    password: '********',
    subdomain: 'acme-support',
    username: 'robot@example.com',
  }),
  'a login name that looks like a number, and JSON of the connector': anAnswer('quickbase', 'Orders 2', {
    'bulk.relations': '{}',
    'quickbase.objects': '[{"name":"orders","id":"b1"}]',
    'quickbase.password': '********',
    'quickbase.username': '0012',
    'quickbase.api.version': '1.10',
    'session.id': 'abcdef',
  }),
  'switched off, without any tag': {
    ...anAnswer('stripe', 'Billing', { password: '********' }),
    tags: [],
    disabled: true,
  },
  'a credential in an address': anAnswer('sftp', 'Drop', {
    'sftp.address': 'ftp://robot:hush@files.example.com/in',
    username: 'robot',
    password: 'plain text of ours',
    port: '22',
  }),
  'values that need quotes': anAnswer('shop', 'Yes: "№ 1" # one', {
    note: '# not a comment',
    flag: 'yes',
    'shop.site': '- dashed: site',
    empty: '',
    lines: 'one\ntwo\n',
    'store.url': 'https://shop.example.com/a?b=c&d=e',
  }),
  'no configuration': {
    ...anAnswer('github', 'API Instance', {}),
    configuration: undefined,
    tags: ['Docs', 'API Instance'],
  },
  'old tags that are objects': {
    ...anAnswer('evernote', 'Notes', { 'evernote.sandbox': 'true' }),
    tags: [{ id: 7, name: 'legal' }],
  },
};

/** An answer with the usual fields around the configuration. */
export function anAnswer(
  connector: string,
  name: string,
  configuration: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    id: 4711,
    name,
    token: 'token of the instance',
    element: { id: 12, key: connector, name: connector, authentication: { type: 'oauth2' } },
    tags: [name],
    provisionInteractions: [],
    valid: true,
    disabled: false,
    configuration,
    eventsEnabled: false,
    externalAuthentication: 'none',
  };
}
