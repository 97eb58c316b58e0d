import type { Configuration } from '../instance/configuration.ts';
import { withDefaults } from '../instance/configuration.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import type { EventState } from './event-state.ts';
import type { PostNotification } from './post-notification.ts';

/** The documented schedules of repetitions, in seconds: 9 after 4 s to 73 h, or 5 after 8 s to 9 h (platform-facts F4). */
export const retrySchedules = {
  nine: Array.from({ length: 9 }, (_, index) => 4 ** (index + 1)),
  five: Array.from({ length: 5 }, (_, index) => 8 ** (index + 1)),
} as const;

/** What the platform does with a notification that is not taken: `notification.webhook.failure.policy` of the account (platform-api §10). */
const failurePolicies = ['retry', 'queue'] as const;

export interface EventOptions {
  /** How many times faster than a clock events go: 60 makes a second of each minute. Default 1. */
  readonly speed?: number | undefined;
  /** Default `nine`: the older page, which names the hours. */
  readonly retries?: keyof typeof retrySchedules | undefined;
  /** Default `retry`. `queue`: it is not repeated, and waits for redelivery. */
  readonly policy?: (typeof failurePolicies)[number] | undefined;
  /** Whether the subscription of a former callback stays, as it may on the platform (platform-facts F2). Default false. */
  readonly leavesFormer?: boolean | undefined;
  /** After how many failures in a row a polling job is switched off. Default 100, as in production (platform-facts F5). */
  readonly pollFailures?: number | undefined;
}

export interface EventServiceOptions extends EventOptions {
  readonly tenant: Tenant;
  readonly post: PostNotification;
  /** Whether the provider turns calls through an instance away. */
  readonly isTurnedAway: (instance: StoredInstance) => boolean;
}

/** What the parts of the event service share. */
export interface EventDesk {
  readonly state: EventState;
  readonly options: EventServiceOptions;
  /** The time of what happens now, in milliseconds since 1970. */
  readonly time: () => number;
}

/** With defaults filled in. */
export function configurationOf({ options: { tenant } }: EventDesk, instance: StoredInstance): Configuration {
  return withDefaults(instance.configuration, tenant.connector(instance.connector));
}

export function nextSerial({ state }: EventDesk): number {
  state.serial += 1;
  return state.serial;
}

/** Whether an instance has events at all. */
export function isOn(configuration: Configuration): boolean {
  return configuration['event.notification.enabled'] === 'true';
}

/** Both spellings are the vendor's own: `webhook` and `webhooks`. */
export function kindOf(configuration: Configuration): 'polling' | 'webhook' {
  return /^webhooks?$/.test(configuration['event.vendor.type'] ?? '') ? 'webhook' : 'polling';
}

/** Between two polls, in milliseconds. Default 15 minutes (platform-api §10). */
export function intervalOf(configuration: Configuration): number {
  const minutes = Number(configuration['event.poller.refresh_interval'] ?? '');
  return (Number.isFinite(minutes) && minutes > 0 ? minutes : 15) * 60_000;
}
