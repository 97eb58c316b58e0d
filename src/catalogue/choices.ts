import type { Connector, ConnectorEntry } from '../model/connector.ts';

/** The value that a definition gives to a configuration key; undefined when it gives none. */
export type GivenValue = (key: string) => string | undefined;

const authenticationKey = 'authentication.type';

/**
 * Keys that a person gives to an app of an OAuth provider. They are required and hidden in many entries, as the console asks for them in a place of its own
 * (platform-facts A7); the documented bodies all have them.
 */
const appKeys: ReadonlySet<string> = new Set(['oauth.api.key', 'oauth.api.secret']);

/** Kinds of authentication that end with the consent of a person (platform-facts A5, D11). `typeOauth` tells nothing: it is false for most of them. */
const consentTypes: ReadonlySet<string> = new Set(['oauth1', 'oauth1Plaintext', 'oauth2']);

/** Whether a kind of authentication ends with the consent of a person. */
export function isConsent(kind: string | undefined): boolean {
  return consentTypes.has(kind ?? '');
}

/** The entry of a configuration key. */
export function entryOf({ entries }: Connector, key: string): ConnectorEntry | undefined {
  return entries.find((entry) => entry.key === key);
}

/** How a definition authenticates: the option that it chose, or that stands chosen, or what the connector has for all. */
export function chosenAuthentication(connector: Connector, given: GivenValue): string | undefined {
  const entry = entryOf(connector, authenticationKey);
  const choice = entry === undefined || !isControl(entry) ? undefined : choiceOf(entry, given);
  return choice ?? connector.authentication;
}

/** Whether a person has to log in at the provider before an instance can be made. */
export function needsConsent(connector: Connector, given: GivenValue): boolean {
  return isConsent(chosenAuthentication(connector, given));
}

/**
 * Whether an entry belongs to what was chosen. Only a COMBO controls groups: elsewhere `groupControl` is a mistake of the vendor's, and
 * a group that no option names belongs to every choice (platform-facts A6).
 */
export function isInForce(connector: Connector, { groupName }: ConnectorEntry, given: GivenValue): boolean {
  const controls = listGroupControls(connector, groupName);
  return controls.length === 0 || controls.some((entry) => choiceOf(entry, given) === groupName);
}

/**
 * The entries that a person has to give a value for what was chosen: required, shown, of the chosen groups, without a default; and the app of an OAuth
 * provider. "Required" alone means "has a value in the end" (platform-facts A7).
 */
export function listAsked(connector: Connector, given: GivenValue): readonly ConnectorEntry[] {
  const hasConsent = needsConsent(connector, given);
  // Few of the entries come into question; only their groups are looked at.
  return connector.entries.filter((entry) => {
    const isOfApp = hasConsent && appKeys.has(entry.key);
    const isShown =
      entry.required &&
      !entry.hideFromConsole &&
      (entry.defaultValue ?? '') === '' &&
      !hasUnknownGroup(connector, entry);
    // Outside of a group, vendors ask for the app also where a password is enough.
    const isMeant = !appKeys.has(entry.key) || entry.groupName !== undefined;
    return (isOfApp || (isShown && isMeant)) && !entry.internal && isInForce(connector, entry, given);
  });
}

/** A choice among groups: the entry, and what may be chosen. */
export function listControls(connector: Connector): readonly ConnectorEntry[] {
  return connector.entries.filter(isControl);
}

function hasUnknownGroup(connector: Connector, { groupName }: ConnectorEntry): boolean {
  return groupName !== undefined && listGroupControls(connector, groupName).length === 0;
}

/** Those of which the group is an option; none for an entry that is in no group. */
function listGroupControls(connector: Connector, group: string | undefined): readonly ConnectorEntry[] {
  if (group === undefined) return [];
  return listControls(connector).filter(({ options = [] }) => options.some(({ value }) => value === group));
}

function isControl({ type, groupControl, options }: ConnectorEntry): boolean {
  return type === 'COMBO' && groupControl && options !== undefined;
}

function choiceOf({ key, defaultValue }: ConnectorEntry, given: GivenValue): string | undefined {
  return given(key) ?? (defaultValue === '' ? undefined : defaultValue);
}
