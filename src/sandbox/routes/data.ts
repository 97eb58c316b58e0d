import { ApiError } from '../api-error.ts';
import { failRefresh, isRefused } from '../instance/authorise.ts';
import { respondWith, type Route, type RouteCall, type SandboxResponse } from '../route.ts';
import { byToken } from './instance.ts';

/** Calls through an instance, with its token. The hub in the path is ignored (platform-api §14.20). */
export const dataRoutes: readonly Route[] = [
  { method: 'GET', path: '/ping', handle: ping },
  { method: 'GET', path: '/hubs/:hub/ping', handle: ping },
  { method: 'GET', path: '/objects', handle: listObjects },
  { method: 'GET', path: '/hubs/:hub/objects', handle: listObjects },
];

/**
 * Asks the provider through the instance (platform-api §5, Health). A disabled instance is 403 (platform-api §5).
 * One whose consent the provider took back is 401, and the fifth time switches it off. An invalid one, or one whose stored credentials the provider would refuse, is 400; the platform's own status is not known.
 */
function ping(call: RouteCall): SandboxResponse {
  const { tenant } = call;
  const instance = byToken(call);
  if (instance.disabled) throw new ApiError(403, `The element instance ${instance.id} is disabled`);
  const connector = tenant.connector(instance.connector);
  if (instance.failedRefreshes !== undefined) failRefresh(tenant, instance);
  if (!instance.valid || isRefused(tenant, connector, instance.configuration)) {
    throw new ApiError(400, `${connector.name} refused the call`, 'Invalid credentials');
  }
  return respondWith({ dateTime: tenant.clock().toISOString(), endpoint: connector.key }, instanceHeader(instance.id));
}

/** Works although the instance is disabled (platform-api §5). */
function listObjects(call: RouteCall): SandboxResponse {
  return respondWith([], instanceHeader(byToken(call).id));
}

function instanceHeader(id: number): Readonly<Record<string, string>> {
  return { 'elements-element-instance-id': String(id) };
}
