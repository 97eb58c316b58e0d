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
        code: 'no-answer',
        message: 'The connection broke before the platform answered, and no instance with this key was found for 60 s.',
        hint: 'connectorctl plan --env production',
      },
    },
    { change: find('chat/slack'), status: 'succeeded', id: '2890' },
    { change: find('legacy/box'), status: 'skipped', reason: 'Not begun: the apply was interrupted.' },
  ],
  interrupted: true,
};

function find(key: string) {
  return busyPlan.changes.find((change) => change.key === key) ?? aChange({ key, action: 'unchanged' });
}
