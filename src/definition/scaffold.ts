import { chosenAuthentication, listAsked, listControls, needsConsent } from '../catalogue/choices.ts';
import { isSecretEntry } from '../model/secret-entry.ts';
import type { Connector, ConnectorEntry } from '../model/connector.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { type Pointer, toPointer } from '../model/position.ts';
import { createNameGiver, secretName } from './convert/reference-names.ts';
import { renderDefinition } from './convert/write-definition.ts';

/** A first definition of a connector, to be filled in. */
export interface Scaffold {
  readonly yaml: string;
  /** Names of the secret references made. */
  readonly secrets: readonly string[];
}

/**
 * Writes a definition with every key that a person has to give for the way of authentication that the connector has by default:
 * secrets as references, other values as examples that are valid as they stand. The console's label stands behind each.
 * @param schema path of the JSON Schema, for editors
 * @param environments the only ones that are to get the instance; empty: all
 */
export function scaffoldDefinition(
  connector: Connector,
  schema: string,
  environments: readonly string[] = [],
): Scaffold {
  const choices = new Map(listControls(connector).flatMap((entry) => chooseOption(entry)));
  const given = (key: string): string | undefined => choices.get(key);
  const grants = needsConsent(connector, given) ? grantKeys(chosenAuthentication(connector, given)) : [];
  const nameGiver = createNameGiver();
  const secrets: string[] = [];
  const refer = (key: string): string => {
    const name = nameGiver(secretName(connector.key, key), key);
    secrets.push(name);
    return `\${{ secrets.${name} }}`;
  };

  const configuration: Record<string, Json> = {};
  const comments = new Map<Pointer, string>();
  const authentication = chosenAuthentication(connector, given);
  if (choices.has('authentication.type') && authentication !== undefined) {
    configuration['authentication.type'] = authentication;
    comments.set(toPointer('configuration', 'authentication.type'), `one of ${listOptions(connector)}`);
  }
  for (const entry of listAsked(connector, given)) {
    if (entry.key === 'authentication.type' || entry.key === 'event.vendor.type') continue;
    configuration[entry.key] = isSecretEntry(entry) ? refer(entry.key) : exampleOf(entry);
    comments.set(toPointer('configuration', entry.key), entry.name);
  }
  if (grants.length > 0) configuration['oauth.callback.url'] = 'https://app.example.com/oauth';
  const definition: JsonObject = {
    connector: connector.key,
    name: connector.name.trim(),
    ...(environments.length > 0 ? { environments } : {}),
    configuration,
    ...(grants.length > 0 ? { providerData: Object.fromEntries(grants.map((key) => [key, refer(key)])) } : {}),
  };
  for (const key of grants) comments.set(toPointer('providerData', key), 'needed only when the instance is created');
  return { yaml: renderDefinition(definition, { schema, comments }), secrets };
}

/** What the consent of a person leaves behind, by the protocol (platform-facts D4). */
function grantKeys(authentication: string | undefined): readonly string[] {
  return authentication?.startsWith('oauth1') === true ? ['oauth_token', 'oauth_verifier', 'secret'] : ['code'];
}

function chooseOption({ key, defaultValue, options = [] }: ConnectorEntry): readonly (readonly [string, string])[] {
  const known = options.map(({ value }) => value);
  const choice = defaultValue !== undefined && known.includes(defaultValue) ? defaultValue : known[0];
  return choice === undefined ? [] : [[key, choice]];
}

function listOptions(connector: Connector): string {
  const control = listControls(connector).find(({ key }) => key === 'authentication.type');
  return (control?.options ?? []).map(({ value }) => value).join(', ');
}

function exampleOf({ key, name, type, options = [] }: ConnectorEntry): Json {
  if (type.startsWith('BOOLEAN')) return false;
  const [first] = options;
  if (first !== undefined) return first.value;
  const words = `${key} ${name}`.toLowerCase();
  if (/\buri\b|\burl\b|endpoint/.test(words)) return 'https://example.com';
  if (/mail\b|e-mail/.test(words)) return 'robot@example.com';
  if (/hostname|host\b|server/.test(words)) return 'example.com';
  return 'example';
}
