import type { Action, Change, FieldChange, Plan } from '../../src/model/plan.ts';

const target = {
  baseUrl: 'https://api.openconnectors.eu10.ext.hana.ondemand.com',
  account: 'Acme Integrations (41207)',
};

const pollerBefore = {
  documents: {
    url: "/hubs/documents/events/poll/documents?where=lastmodifieddate='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
    idField: 'Id',
    datesConfiguration: {
      updatedDateField: 'CreationDate',
      updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss'Z'",
      updatedDateTimezone: 'GMT',
    },
  },
};

const pollerAfter = {
  documents: {
    url: "/hubs/documents/events/poll/documents?where=createddate='${gmtDate:yyyy-MM-dd'T'HH:mm:ss'Z'}'",
    idField: 'ItemId',
    datesConfiguration: {
      updatedDateField: 'CreationDate',
      updatedDateFormat: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'",
      createdDateField: 'CreationDate',
    },
  },
  folders: { url: '/hubs/documents/events/poll/folders', idField: 'Id' },
};

/** A change with nothing special about it. */
export function aChange(change: Partial<Change> & Pick<Change, 'key' | 'action'>): Change {
  return {
    connector: 'sharefile',
    name: 'ShareFile',
    fields: [],
    risks: [],
    notes: [],
    digest: digestOf(change.key),
    ...change,
  };
}

/** A plan around changes, with the counts that belong to them. */
export function aPlan(changes: readonly Change[], plan: Partial<Plan> & { readonly unchanged?: number } = {}): Plan {
  const { unchanged = 0, ...rest } = plan;
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  return {
    formatVersion: '1.0',
    toolVersion: '0.1.0',
    workspace: 'acme-integrations',
    environment: 'production',
    target,
    commit: '8d1f0c24a7be3b5b0a4f6f0a9e7d2c1b5a3f4e6d',
    summary: {
      conflict: count('conflict'),
      blocked: count('blocked'),
      delete: count('delete'),
      replace: count('replace'),
      create: count('create'),
      authorize: count('authorize'),
      reauthorize: count('reauthorize'),
      adopt: count('adopt'),
      move: count('move'),
      update: count('update'),
      remember: count('remember'),
      orphan: count('orphan'),
      unchanged,
    },
    changes,
    digest: digestOf(changes.map((change) => change.digest).join(' ')),
    ...rest,
  };
}

/** The first plan of a new repository: two instances to create, nothing else there. */
export const smallPlan: Plan = aPlan(
  [
    aChange({
      key: 'sharefile/polling',
      action: 'create',
      name: 'ShareFile polling',
      source: { file: 'instances/sharefile/polling.yaml', line: 2 },
      fields: [
        set('/name', 'ShareFile polling', 3),
        set('/tags', ['Docs'], 4),
        set('/configuration/oauth.api.key', undefined, 6),
        set('/configuration/oauth.api.secret', undefined, 7),
        set('/configuration/oauth.callback.url', 'https://hooks.example.com/oauth', 8),
        set('/configuration/document.root.folder.name', '/top', 9),
        set('/configuration/event.notification.enabled', true, 11),
        {
          ...set('/configuration/event.poller.refresh_interval', 15, 14),
          meaning: { code: 'poll-interval', from: null, to: '15' },
        },
        set('/configuration/event.poller.configuration', pollerBefore, 15),
      ],
    }),
    aChange({
      key: 'zendesk/support',
      action: 'create',
      connector: 'zendesk',
      name: 'Zendesk support',
      source: { file: 'instances/zendesk/support.yaml', line: 1 },
      fields: [
        set('/name', 'Zendesk support', 2),
        set('/configuration/zendesk.subdomain', 'acme', 4),
        set('/configuration/username', 'integration@acme.example', 5),
        set('/configuration/password', undefined, 6),
      ],
    }),
  ],
  { environment: 'sandbox', target: { baseUrl: 'http://127.0.0.1:8090', account: 'Sandbox' } },
);

/** A plan with every action, every cause, every risk, and with values of every kind. */
export const busyPlan: Plan = aPlan(
  [
    aChange({
      key: 'crm/salesforce',
      action: 'conflict',
      connector: 'sfdc',
      name: 'Salesforce',
      source: { file: 'instances/crm/salesforce.yaml', line: 2 },
      reason: { code: 'same-key', key: 'crm/salesforce', instances: ['4711', '4712'], mayStay: ['4711', '4712'] },
    }),
    aChange({
      key: 'legacy/box',
      action: 'delete',
      connector: 'box',
      name: 'Box (old contracts)',
      id: '3310',
      notes: [{ code: 'invalid' }],
      risks: [{ code: 'identity-will-change' }],
    }),
    aChange({
      key: 'desk/tickets',
      action: 'replace',
      connector: 'zendesk',
      name: 'Tickets',
      id: '3350',
      source: { file: 'instances/desk/tickets.yaml', line: 1 },
      fields: [changed('/connector', 'freshdesk', 'zendesk', 1)],
      risks: [{ code: 'identity-will-change', line: 1 }],
      reason: { code: 'replace-not-allowed', from: 'freshdesk', to: 'zendesk' },
    }),
    aChange({
      key: 'files/dropbox',
      action: 'create',
      connector: 'dropboxbusinessv2',
      name: 'Dropbox 共有フォルダ 📁',
      source: { file: 'instances/files/dropbox.yaml', line: 1 },
      fields: [
        set('/name', 'Dropbox 共有フォルダ 📁', 2),
        set('/enabled', true, 3),
        set('/configuration/oauth.api.key', undefined, 5),
        set('/configuration/oauth.api.secret', undefined, 6),
        set('/configuration/oauth.callback.url', 'https://hooks.example.com/oauth/dropbox/eu10/production/callback', 7),
        set('/configuration/event.notification.enabled', false, 8),
      ],
    }),
    aChange({
      key: 'mail/gmail',
      action: 'authorize',
      connector: 'gmail',
      name: 'Order mail',
      source: { file: 'instances/mail/gmail.yaml', line: 1 },
      reason: { code: 'grant-missing', references: ['secrets.GMAIL_CODE'] },
    }),
    aChange({
      key: 'erp/netsuite',
      action: 'adopt',
      connector: 'netsuiteerpv2',
      name: 'NetSuite',
      id: '2201',
      source: { file: 'instances/erp/netsuite.yaml', line: 4 },
      fields: [
        changed('/tags', ['erp', 'old'], ['erp', 'finance'], 6),
        changed('/configuration/netsuite.timezone', 'GMT', 'Europe/Berlin', 9),
      ],
    }),
    aChange({
      key: 'chat/slack',
      action: 'move',
      connector: 'slack',
      name: 'Slack',
      id: '2890',
      previousKey: 'messaging/slack',
      source: { file: 'instances/chat/slack.yaml', line: 1 },
      notes: [{ code: 'adopt-ignored', adopt: '2891', id: '2890' }],
    }),
    aChange({
      key: 'sharefile/polling',
      action: 'update',
      name: 'ShareFile polling',
      id: '1234',
      source: { file: 'instances/sharefile/polling.yaml', line: 2 },
      fields: [
        changed('/name', 'ShareFile', 'ShareFile polling', 3),
        {
          ...changed('/configuration/event.poller.refresh_interval', '15', '5', 14),
          meaning: { code: 'poll-interval', from: '15', to: '5' },
        },
        {
          ...changed('/configuration/event.notification.enabled', 'false', 'true', 11),
          cause: 'drift',
          meaning: { code: 'events-switched', from: 'false', to: 'true' },
        },
        { ...changed('/configuration/document.root.folder.name', '/archive', '/top', 9), cause: 'conflict' },
        { field: '/configuration/oauth.api.secret', cause: 'secret', secret: true, line: 7 },
        { field: '/configuration/pagination.max', cause: 'removed', secret: false, before: '100' },
        changed('/configuration/event.poller.configuration', JSON.stringify(pollerBefore), pollerAfter, 15),
      ],
    }),
    aChange({
      key: 'zendesk/support',
      action: 'update',
      connector: 'zendesk',
      name: 'Zendesk support',
      id: '1240',
      source: { file: 'instances/zendesk/support.yaml', line: 1 },
      fields: [
        changed(
          '/configuration/event.notification.callback.url',
          'https://hooks.example.com/events/zendesk/production/v1/tickets',
          'https://hooks.example.net/events/zendesk/production/v1/tickets',
          7,
        ),
        changed('/configuration/event.notification.enabled', 'true', 'false', 8),
        changed('/configuration/zendesk.subdomain', 'acme', 'acme-emea', 4),
      ],
      risks: [
        {
          code: 'endpoint-changed-secret-kept',
          key: 'zendesk.subdomain',
          secrets: ['password'],
          line: 4,
        },
        {
          code: 'callback-host-changed',
          key: 'event.notification.callback.url',
          from: 'hooks.example.com',
          to: 'hooks.example.net',
          secret: false,
          line: 7,
        },
        { code: 'events-switched-off', line: 8 },
      ],
    }),
    aChange({
      key: 'legacy/ftp',
      action: 'orphan',
      connector: 'sftp',
      name: 'SFTP drop',
      id: '1103',
      reason: { code: 'prune-off', leftOverFrom: null },
    }),
    aChange({
      key: 'hr/workday',
      action: 'unchanged',
      connector: 'workday',
      name: 'Workday',
      id: '1500',
      source: { file: 'instances/hr/workday.yaml', line: 1 },
      notes: [{ code: 'disabled' }],
    }),
  ],
  { unchanged: 12 },
);

/** A plan that says that all is as it should be. */
export const emptyPlan: Plan = aPlan([], { unchanged: 2 });

function set(field: string, after: FieldChange['after'] | undefined, line: number): FieldChange {
  const value = after === undefined ? { secret: true } : { secret: false, after };
  return { field, cause: 'definition', line, ...value };
}

function changed(field: string, before: FieldChange['before'], after: FieldChange['after'], line: number): FieldChange {
  const values = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
  return { field, cause: 'definition', secret: false, ...values, line };
}

/** 64 hexadecimal digits that depend on the text. As good as a digest for who only shows it. */
function digestOf(text: string): string {
  let state = 7;
  const digits = Array.from({ length: 64 }, (_, index) => {
    state = (state * 31 + (text.codePointAt(index % text.length) ?? index)) % 1_000_003;
    return (state % 16).toString(16);
  });
  return digits.join('');
}
