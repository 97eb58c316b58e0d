import { encodeRunEvent } from '../../src/disk/run-record-line.ts';
import type { RunEvent, RunStarted } from '../../src/model/run-record.ts';

type Untimed = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time' | 'run'> : never) : never;

/** Lines of one run, a second apart from the given time on. */
export function aRun(run: string, from: string, events: readonly Untimed[]): readonly string[] {
  return toEvents(run, from, events).map(encodeRunEvent);
}

/** The same, before they are lines. */
export function toEvents(run: string, from: string, events: readonly Untimed[]): readonly RunEvent[] {
  const start = Date.parse(from);
  return events.map((event, index) => ({ ...event, run, time: new Date(start + index * 1000).toISOString() }));
}

export const started: Omit<RunStarted, 'time' | 'run'> = {
  event: 'run-started',
  toolVersion: '0.1.0',
  workspace: 'acme-integrations',
  environment: 'production',
  baseUrl: 'https://api.openconnectors.eu10.ext.hana.ondemand.com',
  account: 'Acme Integrations (41207)',
  commit: '8d1f0c24a7be3b5b0a4f6f0a9e7d2c1b5a3f4e6d',
  digest: '45a447a83a6f66af961e17e7c893d2bcb262aee75bc74ef2537fc803bf6ebd9e',
  planned: { create: 1, update: 1 },
  actor: 'alice',
  job: 'https://github.com/acme/integrations/actions/runs/12345678901',
};

/** The end of a run in which all these statuses came out. */
export function ended(exitCode: number, counts: Readonly<Record<string, number>> = {}): Untimed {
  return { event: 'run-ended', end: 'applied', exitCode, counts, interrupted: false, durationMs: 12_400 };
}

/** A create that went well, with its requests. */
export function created(key: string, id: string): readonly Untimed[] {
  const request = { key, method: 'POST', path: '/instances', attempt: 1 };
  return [
    { event: 'started', key, action: 'create', connector: 'sharefile', name: 'ShareFile polling' },
    { event: 'request-sent', ...request },
    { event: 'request', ...request, status: 200, requestId: '5c2f6f0a9e7d2c1b5a3f4e6d', durationMs: 812.4 },
    { event: 'outcome', key, action: 'create', status: 'succeeded', id, durationMs: 3_020 },
  ];
}

/** An update or a move by one PATCH that was answered with this status. */
export function patched(key: string, id: string, status: number, previousKey?: string): readonly Untimed[] {
  const action = previousKey === undefined ? 'update' : 'move';
  const request = { key, method: 'PATCH', path: `/instances/${id}`, attempt: 1 };
  const failure = {
    code: 'platform-refused',
    message: 'The platform refused the change: 400 Invalid value for zendesk.subdomain (acme-emea).',
    requestId: '8a1b',
    hint: 'Correct the definition, then plan and apply again:\nconnectorctl plan --env production',
  };
  const more = previousKey === undefined ? {} : { previousKey };
  return [
    { event: 'started', key, action, connector: 'zendesk', name: 'Support', id, ...more },
    { event: 'request-sent', ...request },
    { event: 'request', ...request, status, durationMs: 95 },
    status < 400
      ? { event: 'outcome', key, action, status: 'succeeded', id, durationMs: 100 }
      : { event: 'outcome', key, action, status: 'failed', id, failure, durationMs: 100 },
  ];
}
