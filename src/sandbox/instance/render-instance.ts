import type { SandboxConnector } from '../catalogue/connector.ts';
import { toElement } from '../element/render-element.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import { toShown, withDefaults } from './configuration.ts';

/** An instance as it is answered (platform-api §3); `providerData` never comes back (platform-api §5). */
export function renderInstance(tenant: Tenant, instance: StoredInstance): Readonly<Record<string, unknown>> {
  const connector = tenant.connector(instance.connector);
  return {
    ...renderWithoutConfiguration(tenant, instance),
    configuration: toShown(instance, connector, tenant.quirks),
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
    element: toElement(connector),
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
