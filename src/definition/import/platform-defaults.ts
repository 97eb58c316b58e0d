/** Values that appear in an answer without having been sent (platform-api §7, "Keys that appear"). */
const always: ReadonlyMap<string, RegExp> = new Map([
  ['base.url', /\{/],
  ['event.notification.enabled', /^false$/],
  ['filter.response.nulls', /^true$/],
]);

/** Keys that connectors fill with what their provider needs; nobody is asked for them (platform-api §7). */
const anyValue =
  /^(?:pagination\.|bulk\.|oauth\.(?:token|authorization|request)\.url$|oauth\.token\.(?:refresh|revoke)_url$|oauth\.basic\.header$|event\.notification\.instance\.finder$)/;

/** The same for ShareFile, under its own names (platform-api §3, the sample answer). */
const ofShareFile = /^sharefile\.(?:token|auth)\.url$/;

/** Keys without effect while events are off; they appear with the connector's own values (platform-api §7). */
const eventSettings = /^event\.(?:poller\.|vendor\.type$|notification\.type$|metadata$)/;

interface DefaultQuestion {
  readonly connector: string;
  readonly key: string;
  readonly text: string;
  readonly eventsOn: boolean;
}

/**
 * Whether a value is one that an instance has without anybody having set it. For connectors or keys that the catalogue does not tell.
 * Never true of what a person must have set: a subdomain, a site, a user name, a callback URL.
 */
export function isPlatformDefault({ connector, key, text, eventsOn }: DefaultQuestion): boolean {
  if (anyValue.test(key) || always.get(key)?.test(text) === true) return true;
  if (connector === 'sharefile' && ofShareFile.test(key)) return true;
  return !eventsOn && eventSettings.test(key);
}
