import { chosenAuthentication, isConsent, listControls, needsConsent } from '../catalogue/choices.ts';
import type { Connector } from '../model/connector.ts';
import type { ConsentKind } from '../model/consent.ts';
import type { DesiredInstance } from '../model/desired.ts';

/** What of a definition decides how its instance logs in. */
export type LoginParts = Pick<DesiredInstance, 'configuration' | 'providerData' | 'externalAuthentication'>;

/** Under these a definition gives what a provider gave to a person before (platform-api §3, `providerData`). */
const grantNames = ['code', 'oauth_token', 'oauth_verifier', 'token', 'access_token', 'refresh_token'] as const;

/** Whether a provider gives it to a person for one use within minutes, so that nobody stores it. */
export function isSingleUse(name: string): boolean {
  return ['code', 'oauth_token', 'oauth_verifier'].includes(name);
}

/** Whether `providerData` holds something that the platform can log in with. What else stands there, a `realmId` for one, is no login. */
export function hasGrant({ providerData }: Pick<LoginParts, 'providerData'>): boolean {
  return grantNames.some((name) => providerData.has(name));
}

/**
 * How the provider asks a person before an instance of the definition works; undefined where it asks nobody. It is the type of authentication that
 * decides, and the group that the definition chose (platform-facts D11): a password, a key or a JWT needs no person.
 * @param connector what is known of it; undefined: nothing is, and then nobody is asked
 */
export function findConsentKind(
  { configuration }: Pick<LoginParts, 'configuration'>,
  connector: Connector | undefined,
): ConsentKind | undefined {
  if (connector === undefined) return undefined;
  const given = (key: string): string | undefined => {
    const value = configuration.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  if (!needsConsent(connector, given)) return undefined;
  return chosenAuthentication(connector, given) === 'oauth2' ? 'oauth2' : 'oauth1';
}

/** Whether a new instance of the definition waits for a person: the provider asks one, and neither a grant nor one that was given before is there. */
export function lacksConsent(desired: LoginParts, connector: Connector | undefined): boolean {
  if (desired.externalAuthentication !== undefined || hasGrant(desired)) return false;
  if (connector?.needsNoGrant === true || fillsOtherGroup(desired, connector)) return false;
  return findConsentKind(desired, connector) !== undefined;
}

/**
 * Whether a definition that chooses no way to log in gives values for one that asks nobody: then that may well be the one that is meant, and the platform
 * decides (platform-facts A5, A6).
 */
function fillsOtherGroup({ configuration }: LoginParts, connector: Connector | undefined): boolean {
  const control = connector === undefined ? undefined : listControls(connector).find(({ key }) => key === choiceKey);
  if (connector === undefined || control === undefined || configuration.has(choiceKey)) return false;
  const others = new Set(control.options?.map(({ value }) => value).filter((option) => !isConsent(option)));
  return connector.entries.some(({ key, groupName = '' }) => others.has(groupName) && configuration.has(key));
}

const choiceKey = 'authentication.type';
