import type { Connector, ConnectorEntry } from '../model/connector.ts';
import { isStandIn } from '../model/placeholder.ts';

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
export function entryOf(connector: Connector, key: string): ConnectorEntry | undefined {
  return indexOf(connector).byKey.get(key);
}

/** What is the same for all definitions of a connector: told once, as ten thousand of them may ask. */
interface EntryIndex {
  readonly byKey: ReadonlyMap<string, ConnectorEntry>;
  readonly controls: readonly ConnectorEntry[];
  /** Those that a person may have to give a value, whatever is chosen. */
  readonly askable: readonly ConnectorEntry[];
}

const indexes = new WeakMap<Connector, EntryIndex>();

function indexOf(connector: Connector): EntryIndex {
  const known = indexes.get(connector);
  if (known !== undefined) return known;
  const { entries } = connector;
  const controls = entries.filter(isControl);
  const index: EntryIndex = {
    // The first of two with one key counts.
    byKey: new Map(entries.toReversed().map((entry) => [entry.key, entry])),
    controls,
    askable: entries.filter(
      (entry) => mustBeChosen(entry) || (!entry.internal && (appKeys.has(entry.key) || isShownForAll(controls, entry))),
    ),
  };
  indexes.set(connector, index);
  return index;
}

/** A way to log in of which none stands chosen: it is marked as the platform's own, and nobody but the person can know it (platform-facts A6). */
function mustBeChosen(entry: ConnectorEntry): boolean {
  return entry.key === authenticationKey && entry.required && isControl(entry) && (entry.defaultValue ?? '') === '';
}

/** Required and shown, without a default that can be sent, and in no group that nothing chooses. */
function isShownForAll(controls: readonly ConnectorEntry[], entry: ConnectorEntry): boolean {
  const { required, hideFromConsole, defaultValue = '', groupName } = entry;
  const isOrphan = groupName !== undefined && groupControls(controls, groupName).length === 0;
  const hasDefault = defaultValue !== '' && !isStandIn(defaultValue);
  return required && !hideFromConsole && !hasDefault && !isOrphan;
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
  if (groupName === undefined) return true;
  const controls = groupControls(indexOf(connector).controls, groupName);
  return controls.length === 0 || controls.some((entry) => choiceOf(entry, given) === groupName);
}

/**
 * The entries that a person has to give a value for what was chosen: required, shown, of the chosen groups, without a default; and the app of an OAuth
 * provider. "Required" alone means "has a value in the end" (platform-facts A7).
 */
export function listAsked(connector: Connector, given: GivenValue): readonly ConnectorEntry[] {
  const hasConsent = needsConsent(connector, given);
  const { askable, controls } = indexOf(connector);
  return askable.filter((entry) => {
    const isOfApp = appKeys.has(entry.key);
    // Outside of a group, vendors ask for the app also where a password is enough.
    const isMeant = !isOfApp || hasConsent || (entry.groupName !== undefined && isShownForAll(controls, entry));
    return isMeant && isInForce(connector, entry, given);
  });
}

/** A choice among groups: the entry, and what may be chosen. */
export function listControls(connector: Connector): readonly ConnectorEntry[] {
  return indexOf(connector).controls;
}

/**
 * What a definition may mean that chooses nothing: a way to log in that does not stand chosen, and of which it gives values. Whether the platform guesses
 * it is not known, so a person should choose.
 */
export function meantChoice(
  connector: Connector,
  given: GivenValue,
): { readonly key: string; readonly value: string } | undefined {
  const control = listControls(connector).find(({ key }) => key === authenticationKey);
  if (control === undefined || given(control.key) !== undefined) return undefined;
  const isFilled = (group: string): boolean =>
    connector.entries.some(({ key, groupName }) => groupName === group && given(key) !== undefined);
  const standing = control.defaultValue ?? '';
  if (standing !== '' && isFilled(standing)) return undefined;
  const meant = control.options?.find(({ value }) => value !== standing && isFilled(value));
  return meant === undefined ? undefined : { key: control.key, value: meant.value };
}

/** Those of which the group is an option; none for an entry that is in no group. */
function groupControls(controls: readonly ConnectorEntry[], group: string | undefined): readonly ConnectorEntry[] {
  if (group === undefined) return [];
  return controls.filter(({ options = [] }) => options.some(({ value }) => value === group));
}

function isControl({ type, groupControl, options }: ConnectorEntry): boolean {
  return type === 'COMBO' && groupControl && options !== undefined;
}

function choiceOf({ key, defaultValue }: ConnectorEntry, given: GivenValue): string | undefined {
  return given(key) ?? (defaultValue === '' ? undefined : defaultValue);
}
