import { ApiError } from '../api-error.ts';
import type { SandboxConnector } from '../catalogue/connector.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import { authorise } from './authorise.ts';
import { type Configuration, encodeConfiguration, requireEntries } from './configuration.ts';
import type { InstanceBody } from './instance-body.ts';

/** Makes an instance and logs in with it (platform-api §3). Names need not be unique. */
export function createInstance(tenant: Tenant, connector: SandboxConnector, body: InstanceBody): StoredInstance {
  if (!body.name) throw new ApiError(400, 'Missing required field: name');
  const sent = encodeConfiguration(body.configuration ?? {}, connector, tenant.quirks);
  requireEntries(sent, connector);

  const id = tenant.state.nextId;
  const { configuration, usedCode } = authorise(tenant, { connector, id, body, configuration: sent });
  const instance: StoredInstance = {
    id,
    token: tenant.state.derive(`token/${id}`),
    connector: connector.key,
    name: body.name,
    // Without tags there is one, equal to the name (platform-api §3).
    tags: body.tags === undefined || body.tags.length === 0 ? [body.name] : body.tags,
    configuration,
    createdDate: tenant.clock().toISOString(),
    disabled: false,
    valid: true,
    externalAuthentication: body.externalAuthentication ?? 'none',
  };
  tenant.state.commit({ op: 'put', instance, usedCode });
  return instance;
}

/**
 * PATCH: merges the configuration, replaces the tags, leaves alone what is not sent (platform-api §5).
 * @param replaces the configuration is replaced, as no platform should
 */
export function patchInstance(
  tenant: Tenant,
  instance: StoredInstance,
  body: InstanceBody,
  replaces = false,
): StoredInstance {
  const sent = readConfiguration(tenant, instance, body);
  const given = tenant.quirks.nullInPatch === 'ignored' ? withoutNulls(sent) : sent;
  const isReplaced = replaces && body.configuration !== undefined;
  const kept = isReplaced ? keptByPlatform(tenant, instance) : instance.configuration;
  return saveUpdate(tenant, instance, { body, configuration: { ...kept, ...given } });
}

/** PUT: replaces the tags and, as the quirk says, the configuration; what is not sent at all stays (platform-api §5, §16.1). */
export function putInstance(tenant: Tenant, instance: StoredInstance, body: InstanceBody): StoredInstance {
  const sent = readConfiguration(tenant, instance, body);
  const isReplaced = body.configuration !== undefined && tenant.quirks.putConfiguration === 'replaces';
  const configuration = isReplaced
    ? { ...keptByPlatform(tenant, instance), ...sent }
    : { ...instance.configuration, ...sent };
  requireEntries(configuration, tenant.connector(instance.connector));
  return saveUpdate(tenant, instance, { body, configuration });
}

interface Update {
  readonly body: InstanceBody;
  readonly configuration: Configuration;
}

/** A grant in `providerData` logs in again; id and token stay (platform-api §5). */
function saveUpdate(tenant: Tenant, instance: StoredInstance, { body, configuration }: Update): StoredInstance {
  refuseOtherConnector(tenant, instance, body);
  const connector = tenant.connector(instance.connector);
  const logsIn = body.providerData !== undefined || body.externalAuthentication !== undefined;
  const { configuration: stored, usedCode } = logsIn
    ? authorise(tenant, { connector, id: instance.id, body, configuration })
    : { configuration, usedCode: undefined };
  const updated: StoredInstance = {
    ...instance,
    name: body.name ? body.name : instance.name,
    tags: body.tags ?? instance.tags,
    valid: logsIn || instance.valid,
    // One that was switched off for it stays off (platform-api §5: enabled again and authenticated again).
    failedRefreshes: logsIn || isOtherGrant(instance, configuration) ? undefined : instance.failedRefreshes,
    configuration: stored,
  };
  tenant.state.commit({ op: 'put', instance: updated, usedCode });
  return updated;
}

/** A token that somebody consented to elsewhere is as good as consent here; no document says otherwise (platform-facts D6). */
function isOtherGrant({ configuration: former }: StoredInstance, next: Configuration): boolean {
  return ['oauth.user.refresh_token', 'oauth.user.token.secret'].some((key) => next[key] !== former[key]);
}

function readConfiguration(tenant: Tenant, instance: StoredInstance, body: InstanceBody): Configuration {
  return encodeConfiguration(body.configuration ?? {}, tenant.connector(instance.connector), tenant.quirks);
}

/** Values of internal entries: tokens and the like, which a caller cannot be expected to send. */
function keptByPlatform(tenant: Tenant, instance: StoredInstance): Configuration {
  const { entryByKey } = tenant.connector(instance.connector);
  return Object.fromEntries(
    Object.entries(instance.configuration).filter(([key]) => entryByKey.get(key)?.internal === true),
  );
}

function withoutNulls(configuration: Configuration): Configuration {
  return Object.fromEntries(Object.entries(configuration).filter(([, value]) => value !== null));
}

/** An instance moves to a clone of its connector only (platform-api §5), and the sandbox has no clones. */
function refuseOtherConnector(tenant: Tenant, instance: StoredInstance, body: InstanceBody): void {
  if (body.element !== undefined && tenant.connector(body.element).key !== instance.connector) {
    throw new ApiError(400, `An instance of ${instance.connector} cannot become one of ${body.element}`);
  }
}
