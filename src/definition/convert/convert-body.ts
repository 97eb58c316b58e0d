import type { Diagnostic } from '../../model/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import { convertProviderData, convertValue } from './convert-value.ts';
import type { Draft } from './convert-value.ts';
import { findMistakes } from './find-mistakes.ts';
import { noName, readName, readTags, pathPart } from './instance-labels.ts';
import { toPointer } from '../../model/position.ts';
import { readJson } from './read-json.ts';
import { createNameGiver } from './reference-names.ts';
import type { NameGiver } from './reference-names.ts';
import { renderDefinition } from './write-definition.ts';
import { pollerKey } from '../../model/platform-keys.ts';
import { schemaFromDefinition } from '../../model/environment.ts';

interface ConvertBodyOptions {
  readonly isSecretKey: (key: string, connector: string) => boolean;
  /** Whether the connector is known to have the key. Nothing is known when absent. */
  readonly isOwnKey?: ((key: string) => boolean) | undefined;
  /** One for all bodies that are converted together, so that different secrets never share a name. */
  readonly nameSecret?: NameGiver;
  /** How many folders the file will lie below the workspace: the schema is named relative to it. 2 when absent. */
  readonly depth?: number;
}

export interface ConvertedBody {
  /** `sharefile/api-instance-with-polling`. Two bodies may get the same; the caller tells them apart. */
  readonly key: string;
  readonly yaml: string;
  /** Names of the secrets that the definition refers to, in its order. */
  readonly secrets: readonly string[];
  /** Names of the variables that the definition refers to, in its order. */
  readonly vars: readonly string[];
  /** Without positions. With an error among them the YAML is no complete definition. */
  readonly diagnostics: readonly Diagnostic[];
}

const knownFields = new Set([
  'element',
  'connector',
  'name',
  'tags',
  'enabled',
  'configuration',
  'providerData',
  'externalAuthentication',
]);

/**
 * Turns a body of `POST /instances` (platform-api §3) into the text of a definition.
 *
 * Credentials become references to secrets and never stand in the text or in a diagnostic. Placeholders become references to
 * variables. Null values are left out: the platform takes them as not sent.
 *
 * Mistakes that the platform's documentation makes are reported as warnings. Only `https;//` is put right, as it can mean nothing
 * else; the rest stays as written, so that validate and the platform name it and nobody runs on a guess of ours.
 */
export function convertBody(body: JsonObject, options: ConvertBodyOptions): ConvertedBody {
  const { isSecretKey, isOwnKey = () => false, nameSecret = createNameGiver(), depth = 2 } = options;
  const connector = readConnector(body);
  const configuration = readConfiguration(body['configuration']);
  const draft: Draft = {
    connector: connector.value,
    isSecretKey: (key) => isSecretKey(key, connector.value),
    nameSecret,
    nameVariable: createNameGiver(),
    comments: new Map(),
    secrets: new Set(),
    vars: new Set(),
  };
  const name = readName(draft, body['name'], configuration.value);
  const definition = buildDefinition(draft, body, { name, configuration: configuration.value });

  return {
    key: `${pathPart(connector.value, 'connector') ?? 'connector'}/${pathPart(name, 'instance') ?? 'instance'}`,
    yaml: renderDefinition(definition, {
      comments: draft.comments,
      schema: schemaFromDefinition(depth),
    }),
    secrets: [...draft.secrets],
    vars: [...draft.vars],
    diagnostics: [
      ...connector.diagnostics,
      ...configuration.diagnostics,
      // Without a connector there is nothing to make one of, and nothing is written.
      ...(draft.comments.get(toPointer('name')) === noName && name.trim() !== '' ? [madeUpName(name)] : []),
      ...reportDropped(body),
      ...findMistakes(connector.value, configuration.value, isOwnKey),
    ],
  };
}

function madeUpName(name: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'made-up-name',
    message: 'Name was made up',
    detail: `The body has no name that can be used, so the definition has the name \`${name}\`, and its file is called after it. Event receivers see this name.`,
    hint: 'Write the name that the connection is to have.',
  };
}

/** The connector that a body names; '' when it names none. */
export function connectorOfBody(body: JsonObject): string {
  return readConnector(body).value;
}

interface Read<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

interface Parts {
  readonly name: string;
  readonly configuration: JsonObject;
}

function buildDefinition(draft: Draft, body: JsonObject, { name, configuration }: Parts): JsonObject {
  const tags = readTags(draft, body['tags']);
  const entries = Object.entries(configuration).map(([key, value]) => [key, convertValue(draft, key, value)] as const);
  const providerData = isJsonObject(body['providerData'])
    ? convertProviderData(draft, body['providerData'])
    : undefined;
  return toJsonObject(
    Object.entries({
      connector: draft.connector,
      name,
      ...(tags.length > 0 ? { tags } : {}),
      ...(typeof body['enabled'] === 'boolean' ? { enabled: body['enabled'] } : {}),
      configuration: toJsonObject(entries),
      ...(providerData ? { providerData } : {}),
      ...(body['externalAuthentication'] === 'initial' ? { externalAuthentication: 'initial' } : {}),
    }),
  );
}

/** `element: {key}`, which other vendors of the platform call `connector` (platform-facts D12); the key alone as well. */
function readConnector({ element, connector }: JsonObject): Read<string> {
  const named = [element, connector].map((one) => (isJsonObject(one) ? (one['key'] ?? one['id']) : one));
  const key = named.find((one): one is string | number => typeof one === 'string' || typeof one === 'number');
  const text = String(key ?? '').trim();
  if (text === '') return { value: '', diagnostics: [missingConnector] };
  return { value: text, diagnostics: /^\d+$/.test(text) ? [connectorById(text)] : [] };
}

function readConfiguration(configuration: Json | undefined): Read<JsonObject> {
  if (configuration === undefined || configuration === null) return { value: toJsonObject([]), diagnostics: [] };
  if (!isJsonObject(configuration)) return { value: toJsonObject([]), diagnostics: [wrongConfiguration] };
  const poller = configuration[pollerKey];
  const nested = typeof poller === 'string' && /^\s*\{/.test(poller) ? readJson(poller) : undefined;
  const kept = Object.entries(configuration).filter(([, value]) => value !== null);
  const value = toJsonObject(kept.map(([key, item]) => [key, key === pollerKey && nested?.ok ? nested.value : item]));
  return { value, diagnostics: nested?.ok === false ? [pollerNotJson] : [] };
}

function reportDropped(body: JsonObject): readonly Diagnostic[] {
  const isInitial = (body['externalAuthentication'] ?? 'initial') === 'initial';
  const dropped = Object.keys(body).filter((field) => !knownFields.has(field));
  const all = isInitial ? dropped : [...dropped, 'externalAuthentication'];
  if (all.length === 0) return [];
  return [
    {
      severity: 'warning',
      code: 'field-dropped',
      message: 'Field left out',
      detail: `A definition has no field for ${all.join(', ')}, so it was left out.`,
    },
  ];
}

const missingConnector: Diagnostic = {
  severity: 'error',
  code: 'missing-connector',
  message: 'No connector',
  detail:
    'The body has no element.key (or connector.key), and the URL of the command does not name a connector either.',
  hint: 'Add {"element": {"key": "…"}} to the body.',
};

function connectorById(id: string): Diagnostic {
  return {
    severity: 'error',
    code: 'connector-by-id',
    message: 'Connector by id',
    detail: `The connector is named only by its id, ${id}. The same id can be another connector on another account, so it is not guessed; a definition needs the key.`,
    hint: `The platform tells the key: it is \`key\` in the answer of GET /elements/${id}. Put "element": {"key": "…"} into the body.`,
  };
}

const wrongConfiguration: Diagnostic = {
  severity: 'error',
  code: 'configuration-not-an-object',
  message: 'Configuration is not an object',
  detail: 'configuration in the body is a list or a single value. It must be an object of configuration keys.',
};

const pollerNotJson: Diagnostic = {
  severity: 'warning',
  code: 'poller-not-json',
  message: 'Polled resources are not valid JSON',
  detail: `configuration.${pollerKey} is a string, but not valid JSON. It was left as a string.`,
};
