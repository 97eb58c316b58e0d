import type { ConnectorEntry } from './connector.ts';

/** Configuration key that says what is polled. Its value is JSON text of its own (platform-api §10), which a definition may write as a mapping. */
export const pollerKey = 'event.poller.configuration';

/**
 * Values that the platform or the provider makes while an instance lives (platform-api §7, "volatile"): tokens and their times, sessions,
 * cursors, ids of hooks, subscriptions and of the user.
 */
const volatileKeys = [
  /^oauth\.user\.(?:token|token\.secret|refresh_token|refresh_time|id)$/,
  /^(?:authentication\.time|expires_in|since_token|sessionId|userId|profileId|organizer_key|mailbox\.id)$/,
  /(?:^|\.)session\.(?:id|signature|instance\.url|refresh\.(?:time|interval))$/,
  /^sfdc\.user\.(?:id|display\.name)$/,
  /^event\.(?:notification\.subscription\.id|stream\.position)$/,
  /(?:^|\.)(?:web)?hooks?(?:\.[^.]+)*\.(?:ids?|(?:target|trigger)_id)$/,
  /(?:^|\.)(?:last\.event\.cursor|last\.change\.id|last_event_id|syncToken|polling\.token|syncpoint\.details)$/,
  // Cursors, sessions and hooks that the catalogue marks as hidden only (platform-facts A8).
  /^(?:start_page_token|(?:event\.)?change[._]token|requestToken|sf\.csrf\.token|saps4\.cookie|quickbase\.ticket)$/,
  /^(?:webhookId|webhook\.subscription\.id|\w+_hook_id|gooddata\.(?:temporary|supersecure)\.token)$/,
];

/**
 * The same of single connectors, which hide them and do not mark them as internal (platform-facts A8): hooks, cursors, caches, sessions and what is found out
 * at log-in. Elsewhere a person may set a key of that name.
 */
const volatileOf: ReadonlyMap<string, RegExp> = new Map([
  ['acuityscheduling', /^webhooks\.appointments\.\w+$/],
  ['box', /^current\.user\.login$/],
  ['evernote', /^oauth\.verifier$/],
  ['fieldlocate', /^event\.objects\.map$/],
  ['googledrive', /^current\.user\.login$/],
  ['gotowebinar', /^(?:webhookKeys|userSubscriptionKeys)$/],
  ['hubspot', /^user_(?:id|portal_id|email_address)$/],
  ['hubspotcrm', /^user_(?:id|portal_id|email_address)$/],
  ['lithiumlsw', /^(?:tag|work_queue)_lookup$/],
  ['messagebus', /^messagebus\.hook\.\w+\.key$/],
  ['microsoftgraph', /^subscriptionId$/],
  ['slack', /^slack\.(?:team|user)\.id$/],
  ['twitter', /^twitter\.screenname$/],
  ['vcloudair', /^(?:xvcloud|vchs)authorization$/],
  ['vsts', /^webhook\.(?:created|updated)id$/],
  ['wufoo', /^webhook\.hash$/],
]);

/** Whether the platform fills the configuration key itself (platform-api §7). */
export function isVolatileKey(connector: string, key: string): boolean {
  return volatileKeys.some((pattern) => pattern.test(key)) || volatileOf.get(connector)?.test(key) === true;
}

/**
 * Whether the value of a configuration key is the platform's own after the first write, so that it is sent when it is ours to give
 * and never set back: it changes by itself, is found out at log-in, or is `internal` in the catalogue.
 */
export function isPlatformKey(connector: string, key: string, entry: ConnectorEntry | undefined): boolean {
  // A person sets it for lithium (platform-api §7 names bullhorn only).
  if (key === 'baseUrl') return connector === 'bullhorn';
  return isVolatileKey(connector, key) || key === 'oauth.user.refresh_interval' || entry?.internal === true;
}

/**
 * Whether an entry is one that nobody need give, as the catalogue marks it as the platform's own. A few that are marked so are required, shown in the console and without a default: nobody but a
 * person can give the API key of Recurly, or the consumer key of NetSuite (platform-facts A7, A8).
 */
export function isKeptEntry({ internal, required, hideFromConsole, defaultValue = '' }: ConnectorEntry): boolean {
  return internal && !(required && !hideFromConsole && defaultValue === '');
}
