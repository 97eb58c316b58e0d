import { ApiError } from '../api-error.ts';
import type { SandboxConnector } from '../catalogue/connector.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import { authorise } from './authorise.ts';
import { requireEntries, toStored } from './configuration.ts';
import type { InstanceBody } from './read-body.ts';

/** Makes an instance and logs in with it (platform-api §3). Names need not be unique. */
export function createInstance(tenant: Tenant, connector: SandboxConnector, body: InstanceBody): StoredInstance {
  if (!body.name) throw new ApiError(400, 'Missing required field: name');
  const sent = toStored(body.configuration ?? {}, connector, tenant.quirks);
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
  tenant.state.commit({ op: 'put', instance, ...(usedCode === undefined ? {} : { usedCode }) });
  return instance;
}
