import type { Connector } from '../model/connector.ts';
import type { ConsentApp } from '../model/consent.ts';
import type { DesiredInstance } from '../model/desired.ts';
import { isStandIn } from '../model/placeholder.ts';
import { Secret } from '../model/secret.ts';

/** What a definition says of the app that asks for consent, or what it would have to say. */
export type FoundApp =
  | { readonly ok: true; readonly app: Omit<ConsentApp, 'state'>; readonly keys: readonly string[] }
  /** Configuration keys without a value. */
  | { readonly ok: false; readonly missing: readonly string[] };

type Value = Secret | string;

/** The keys of an app, whatever the connector. */
const appKeys = { apiKey: 'oauth.api.key', apiSecret: 'oauth.api.secret', scope: 'oauth.scope' } as const;

/** How the connector logs in, where it knows several ways: `oauth/url` takes it under its own name (platform-api §9). */
const choiceKey = 'authentication.type';

/**
 * Finds what the platform has to be told to make the address of consent: the definition's own app and never another one, and the key that fills
 * the placeholder in the connector's authorization address (platform-facts D7).
 * `keys` are the configuration keys that take part: a live instance has to have the same values when its code is exchanged.
 */
export function findApp(
  { configuration }: Pick<DesiredInstance, 'configuration'>,
  connector: Connector | undefined,
): FoundApp {
  const valueOf = (key: string): Value | undefined => usable(configuration.get(key)) ?? defaultOf(connector, key);
  const callbackKey = findCallbackKey(configuration, connector);
  const [apiKey, apiSecret, callbackUrl] = [appKeys.apiKey, appKeys.apiSecret, callbackKey].map(valueOf);
  const placeholders = listPlaceholders(connector, configuration).map((name) =>
    findFilling(name, configuration, connector),
  );
  const values = placeholders.map(valueOf);
  const missing = [
    ...(apiKey === undefined ? [appKeys.apiKey] : []),
    ...(apiSecret === undefined ? [appKeys.apiSecret] : []),
    ...(callbackUrl === undefined ? [callbackKey] : []),
    ...placeholders.filter((_, index) => values[index] === undefined),
  ];
  if (apiKey === undefined || apiSecret === undefined || callbackUrl === undefined || missing.length > 0) {
    return { ok: false, missing };
  }
  const [siteAddress] = values;
  // The address has room for one site; whatever else it needs goes under its own key.
  const further = placeholders.slice(1).flatMap((key, index) => {
    const value = values[index + 1];
    return value === undefined ? [] : [[key, value] as const];
  });
  const choice = usable(configuration.get(choiceKey));
  const chosen = choice === undefined ? [] : [[choiceKey, choice] as const];
  const app = {
    apiKey,
    apiSecret,
    callbackUrl,
    scope: valueOf(appKeys.scope),
    siteAddress,
    further: new Map([...further, ...chosen]),
  };
  return { ok: true, app, keys: [...Object.values(appKeys), callbackKey, ...placeholders] };
}

/** A connector may have its callback under a key of its own: ShareFile has `sharefile.callback.url` (platform-facts A1). */
function findCallbackKey(configuration: DesiredInstance['configuration'], connector: Connector | undefined): string {
  const usual = 'oauth.callback.url';
  if (configuration.has(usual)) return usual;
  const own = `${connector?.key.toLowerCase() ?? ''}.callback.url`;
  return [...configuration.keys()].find((key) => key.toLowerCase() === own) ?? usual;
}

/** Names in braces in the address at which a person consents, each once: `https://{subdomain}.egnyte.com/…`. */
function listPlaceholders(
  connector: Connector | undefined,
  configuration: DesiredInstance['configuration'],
): readonly string[] {
  const keys = ['oauth.authorization.url', 'oauth.request.url'];
  const addresses = keys.map((key) => usable(configuration.get(key)) ?? rawDefaultOf(connector, key));
  const names = addresses.flatMap((address) =>
    typeof address === 'string' ? [...address.matchAll(/\{([^{}\s]+)\}/g)].flatMap(([, name]) => name ?? []) : [],
  );
  return [...new Set(names)];
}

/** The key that fills a placeholder: of the same name, or one that ends with it. */
function findFilling(
  name: string,
  configuration: DesiredInstance['configuration'],
  connector: Connector | undefined,
): string {
  const keys = [...configuration.keys(), ...(connector?.entries.map(({ key }) => key) ?? [])];
  const endings = [name, `.${name}`].map((one) => one.toLowerCase());
  const [exact, longer] = endings;
  return (
    keys.find((key) => key.toLowerCase() === exact) ??
    keys.find((key) => longer !== undefined && key.toLowerCase().endsWith(longer)) ??
    name
  );
}

function usable(value: unknown): Value | undefined {
  if (value instanceof Secret) return value.isEmpty ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function rawDefaultOf(connector: Connector | undefined, key: string): string | undefined {
  return usable(connector?.entries.find((entry) => entry.key === key)?.defaultValue)?.toString();
}

/** A default of the connector, unless it is example text or another template. */
function defaultOf(connector: Connector | undefined, key: string): string | undefined {
  const value = rawDefaultOf(connector, key);
  return value === undefined || isStandIn(value) || /[{}]/.test(value) ? undefined : value;
}
