import { isJsonObject, type JsonRecord } from '../../model/json.ts';
import { ApiError } from '../api-error.ts';
import type { SandboxConnector } from '../catalogue/connector.ts';
import { renderElementSummary } from '../catalogue/render-element.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import { renderConfiguration, withDefaults } from './configuration.ts';

/** What the body of a create or an update says (platform-api §3); every part may be missing. */
export interface InstanceBody {
  /** Without HTML. */
  readonly name: string | undefined;
  /** Without HTML. */
  readonly tags: readonly string[] | undefined;
  /** Key or id of the connector. */
  readonly element: string | undefined;
  readonly configuration: JsonRecord | undefined;
  readonly providerData: JsonRecord | undefined;
  readonly externalAuthentication: 'initial' | undefined;
  readonly retrieveObjects: boolean;
}

/** Decodes a body; fields that are not known are ignored. Throws an ApiError 400 when a part has the wrong type. */
export function readInstanceBody(body: unknown): InstanceBody {
  if (!isJsonObject(body)) throw new ApiError(400, 'The request body must be a JSON object');
  const { name, tags, element, configuration, providerData } = body;
  return {
    name: name === undefined ? undefined : readName(name),
    tags: Array.isArray(tags) ? readTags(tags) : undefined,
    element: isJsonObject(element) ? readElement(element) : undefined,
    configuration: readObject('configuration', configuration),
    providerData: readObject('providerData', providerData),
    externalAuthentication: body['externalAuthentication'] === 'initial' ? 'initial' : undefined,
    retrieveObjects: body['retrieveObjectsAfterInstantiation'] === true,
  };
}

function readName(name: unknown): string {
  if (typeof name !== 'string') throw new ApiError(400, 'The field name must be a string');
  return sanitise(name);
}

function readTags(tags: readonly unknown[]): readonly string[] {
  return tags.map((tag) => {
    // Tags were objects once (platform-api §3).
    const text = isJsonObject(tag) ? tag['name'] : tag;
    if (typeof text !== 'string') throw new ApiError(400, 'The field tags must be a list of strings');
    return sanitise(text);
  });
}

function readElement(element: JsonRecord): string | undefined {
  const keyOrId = element['key'] ?? element['id'];
  return typeof keyOrId === 'string' || typeof keyOrId === 'number' ? String(keyOrId) : undefined;
}

function readObject(field: string, value: unknown): JsonRecord | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw new ApiError(400, `The field ${field} must be an object`);
  return value;
}

/** Takes HTML tags out, as the platform does with names and tags (platform-api §3): `<b>x</b>` becomes `x`. */
function sanitise(text: string): string {
  let before: string;
  let after = text;
  // Taking one tag out can leave another one behind.
  do {
    before = after;
    after = before.replaceAll(/<[^<>]*>/g, '');
  } while (after !== before);
  return after.trim();
}

/** An instance as responses show it (platform-api §3); `providerData` never comes back (platform-api §5). */
export function renderInstance(tenant: Tenant, instance: StoredInstance): Readonly<Record<string, unknown>> {
  const connector = tenant.connector(instance.connector);
  return {
    ...renderWithoutConfiguration(tenant, instance),
    configuration: renderConfiguration(instance, connector, tenant.quirks),
  };
}

/** An entry of a list that was asked for with `hydrate=false` (platform-api §4). */
export function renderWithoutConfiguration(
  tenant: Tenant,
  instance: StoredInstance,
): Readonly<Record<string, unknown>> {
  const connector = tenant.connector(instance.connector);
  return {
    id: instance.id,
    name: instance.name,
    createdDate: instance.createdDate,
    token: instance.token,
    element: renderElementSummary(connector),
    elementId: connector.id,
    tags: instance.tags,
    provisionInteractions: [],
    valid: instance.valid,
    disabled: instance.disabled,
    maxCacheSize: 0,
    cacheTimeToLive: 0,
    cachingEnabled: false,
    ...renderEvents(instance, connector),
    traceLoggingEnabled: false,
    externalAuthentication: instance.externalAuthentication,
    user: { id: 1 },
  };
}

function renderEvents(instance: StoredInstance, connector: SandboxConnector): Readonly<Record<string, unknown>> {
  const configuration = withDefaults(instance.configuration, connector);
  const url = configuration['event.notification.callback.url'];
  return {
    eventsEnabled: configuration['event.notification.enabled'] === 'true',
    ...(url ? { eventsNotificationCallbackUrl: url } : {}),
  };
}
