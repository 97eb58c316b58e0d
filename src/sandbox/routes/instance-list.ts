import { ApiError } from '../api-error.ts';
import { renderInstance, renderWithoutConfiguration } from '../instance/instance-body.ts';
import { cutPage } from '../page.ts';
import { respondWith, type Route, type RouteCall, type SandboxResponse } from '../route.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';

/** Lists of instances (platform-api §4). */
export const instanceLists: readonly Route[] = [
  { method: 'GET', path: '/instances', lists: 'instances', handle: listInstances },
  { method: 'GET', path: '/instances/count', handle: countInstances },
  { method: 'GET', path: '/elements/:keyOrId/instances', lists: 'instances', handle: listOfConnector },
  {
    method: 'GET',
    path: '/accounts/instances',
    lists: 'instances',
    handle: (call) => respondWithList(call, allOf(call)),
  },
  {
    method: 'GET',
    path: '/accounts/:id/instances',
    lists: 'instances',
    handle: (call) => respondWithList(call, allOf(call)),
  },
];

/** With an Element token in the header the list answers the one instance of that token (platform-api §4). */
function listInstances(call: RouteCall): SandboxResponse {
  const { tenant, instance, request } = call;
  if (instance !== undefined) return respondWith(renderInstance(tenant, instance));
  return respondWithList(call, filterInstances(tenant, allOf(call), request.query));
}

function listOfConnector(call: RouteCall): SandboxResponse {
  const { key } = call.tenant.connector(call.params.get('keyOrId') ?? '');
  return respondWithList(
    call,
    allOf(call).filter((instance) => instance.connector === key),
  );
}

function allOf({ tenant, view }: RouteCall): readonly StoredInstance[] {
  return view?.instances ?? [...tenant.state.instances];
}

function respondWithList({ tenant, request, view }: RouteCall, hits: readonly StoredInstance[]): SandboxResponse {
  const render = isHydrated(tenant, request.query) ? renderInstance : renderWithoutConfiguration;
  const rows: readonly (() => unknown)[] = [
    ...hits.map((instance) => () => render(tenant, instance)),
    ...(view?.foreign ?? []).map((entry) => () => entry),
  ];
  const { entries, headers } = cutPage(view?.arrange?.(rows) ?? rows, request.query, tenant.quirks);
  if (entries.length === 0 && tenant.quirks.emptyListIs404) throw new ApiError(404, 'No element instances found');
  return respondWith(
    entries.map((show) => show()),
    headers,
  );
}

function isHydrated({ quirks }: Tenant, query: URLSearchParams): boolean {
  if (quirks.hydrate === 'ignored-without-configuration') return false;
  const asked = query.get('hydrate');
  return asked === null ? quirks.configurationInList : asked !== 'false';
}

function filterInstances(
  tenant: Tenant,
  all: readonly StoredInstance[],
  query: URLSearchParams,
): readonly StoredInstance[] {
  const tags = query.getAll('tags[]');
  const text = (query.get('searchText') ?? '').toLowerCase();
  const hasTags = (instance: StoredInstance): boolean =>
    tenant.quirks.tagsFilter === 'and'
      ? tags.every((tag) => instance.tags.includes(tag))
      : tags.some((tag) => instance.tags.includes(tag));
  return all.filter(
    (instance) =>
      (tags.length === 0 || hasTags(instance)) &&
      (instance.name.toLowerCase().includes(text) || instance.connector.includes(text)),
  );
}

/** The shape of `elementInstances` is not documented; here it is the number of instances by connector. */
function countInstances({ tenant }: RouteCall): SandboxResponse {
  const elementInstances: Record<string, number> = {};
  for (const { connector } of tenant.state.instances) {
    elementInstances[connector] = (elementInstances[connector] ?? 0) + 1;
  }
  return respondWith({ totalInstances: tenant.state.instanceCount, elementInstances });
}
