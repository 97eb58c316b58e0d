import type { SandboxEntry } from './connector.ts';
import { entry } from './entry.ts';

/** How the platform tells us of events, whatever way it learns of them (platform-api §10). */
function notification(): readonly SandboxEntry[] {
  return [
    entry('event.notification.enabled', 'BOOLEAN', { default: 'false', about: 'Whether events are sent at all.' }),
    entry('event.notification.callback.url', 'TEXTFIELD_1000', { about: 'Where events are sent to.' }),
    entry('event.notification.signature.key', 'TEXTFIELD_128', {
      about: 'Shared key of the signature that each event carries.',
    }),
  ];
}

interface PollingOptions {
  /** Resources that are polled unless the instance says otherwise. */
  readonly resources?: Readonly<Record<string, unknown>>;
  /** Minutes. */
  readonly interval?: string;
}

/** Events by polling (platform-api §10). */
export function polling(options: PollingOptions = {}): readonly SandboxEntry[] {
  return [
    ...notification(),
    entry('event.vendor.type', 'TEXTFIELD_32', { default: 'polling', hidden: true, about: 'polling or webhook.' }),
    entry('event.poller.refresh_interval', 'TEXTFIELD_32', {
      default: options.interval ?? '15',
      about: 'Minutes between two polls.',
    }),
    entry('event.poller.configuration', 'TEXTAREA', {
      about: 'What is polled: a JSON object with one entry for each resource.',
      ...(options.resources === undefined ? {} : { default: JSON.stringify(options.resources) }),
    }),
  ];
}

/** Events that the provider pushes (platform-api §10). */
export function webhooks(): readonly SandboxEntry[] {
  return [
    ...notification(),
    entry('event.vendor.type', 'TEXTFIELD_32', { default: 'webhooks', hidden: true, about: 'polling or webhook.' }),
    entry('event.notification.subscription.id', 'TEXTFIELD_64', { internal: true }),
  ];
}
