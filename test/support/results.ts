import type { ApplyResult } from '../../src/model/apply.ts';
import { aChange, busyPlan, smallPlan } from './plans.ts';

/** All went well. */
export const goodResult: ApplyResult = {
  outcomes: smallPlan.changes.map((change, index) => ({ change, status: 'succeeded', id: String(5001 + index) })),
  interrupted: false,
};

/** An apply that was stopped, with every status. */
export const badResult: ApplyResult = {
  outcomes: [
    { change: find('sharefile/polling'), status: 'succeeded', id: '1234' },
    {
      change: find('zendesk/support'),
      status: 'failed',
      id: '1240',
      failure: {
        code: 'platform-refused',
        message: 'The platform refused the change: 400 Invalid value for zendesk.subdomain (acme-emea).',
        requestId: '5c2f6f0a9e7d2c1b5a3f4e6d',
        hint: 'Correct the definition, then plan and apply again:\nconnectorctl plan --env production',
      },
    },
    {
      change: find('files/dropbox'),
      status: 'unclear',
      failure: {
        code: 'create-unclear',
        key: 'files/dropbox',
        lookUp: 'The platform failed: HTTP 503.',
        requestId: '7b1e',
      },
    },
    { change: find('chat/slack'), status: 'succeeded', id: '2890' },
    { change: find('legacy/box'), status: 'skipped', reason: { code: 'interrupted' } },
  ],
  interrupted: true,
};

function find(key: string) {
  return busyPlan.changes.find((change) => change.key === key) ?? aChange({ key, action: 'unchanged' });
}
