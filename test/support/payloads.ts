import { readFileSync } from 'node:fs';

/** Notifications of the shape that real ones have, with values of our own: both by polling, as nobody published one by webhook. */
export const payloads = {
  netsuiteerpv2: read('netsuiteerpv2'),
  quickbooks: read('quickbooks'),
};

function read(name: string): string {
  return readFileSync(new URL(`../events/payloads/${name}.json`, import.meta.url), 'utf8');
}

/** A notification by a webhook of the provider's: the same envelope, without times of polling, and the provider's own body as `raw`. */
export function webhookPayload(count: number): string {
  return JSON.stringify({
    severity: 'medium',
    createdDate: 'Sun Mar 01 10:00:01 UTC 2026',
    topic: 'instance-4001003-sharefile-events',
    action: 'create',
    id: '1500002',
    message: {
      elementKey: 'sharefile',
      accountId: 11,
      eventId: 'AXCexample-sf-0001',
      companyId: 12,
      instanceId: 4001003,
      instance_id: 4001003,
      instanceName: 'ShareFile webhook',
      instanceTags: ['Docs'],
      raw: { Account: { Subdomain: 'acme' }, Event: { ResourceType: 'File', OperationName: 'Upload' } },
      userId: 13,
      events: Array.from({ length: count }, (_, index) => anEvent(index)),
    },
    user: 'notifications@example.com',
  });
}

function anEvent(index: number): object {
  return {
    date: '2026-03-01T10:00:00Z',
    elementKey: 'sharefile',
    eventType: (['CREATED', 'UPDATED', 'DELETED'] as const)[index % 3],
    hubKey: 'documents',
    objectId: `fi${index}`,
    objectType: 'documents',
  };
}
