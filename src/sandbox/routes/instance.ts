import { isJsonObject } from '../../model/json.ts';
import { ApiError } from '../api-error.ts';
import { refuse } from '../authorization.ts';
import type { SandboxEntry } from '../catalogue/connector.ts';
import { renderConfiguration } from '../instance/configuration.ts';
import { readInstanceBody, renderInstance } from '../instance/instance-body.ts';
import { createInstance, patchInstance, putInstance } from '../instance/save-instance.ts';
import { respondWith, type Route, type RouteCall, type SandboxResponse } from '../route.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';

/** Create, read, update and delete, by id, by connector and id, and by token (platform-api §3, §5, §6). */
export const instanceRoutes: readonly Route[] = [
  { method: 'POST', path: '/instances', handle: (call) => create(call, readInstanceBody(call.request.body).element) },
  { method: 'POST', path: '/elements/:keyOrId/instances', handle: (call) => create(call, call.params.get('keyOrId')) },
  read('/instances/:id', byId),
  read('/elements/:keyOrId/instances/:id', byConnectorAndId),
  put('/instances', byToken),
  put('/instances/:id', byId),
  put('/elements/:keyOrId/instances/:id', byConnectorAndId),
  // There is no PATCH /elements/{keyOrId}/instances/{id} (platform-api §5).
  patch('/instances', byToken),
  patch('/instances/:id', byId),
  remove('/instances', byToken),
  remove('/instances/:id', byId),
  remove('/elements/:keyOrId/instances/:id', byConnectorAndId),
  ...enabled('/instances/enabled', byToken),
  ...enabled('/instances/:id/enabled', byId),
  ...configurationRoutes('/instances/configuration', byToken),
  ...configurationRoutes('/instances/:id/configuration', byId),
];

function create({ tenant, request }: RouteCall, keyOrId: string | undefined): SandboxResponse {
  if (keyOrId === undefined) throw new ApiError(400, 'Missing required field: element.key');
  const body = readInstanceBody(request.body);
  const instance = createInstance(tenant, tenant.connector(keyOrId), body);
  return respondWith({ ...renderInstance(tenant, instance), ...(body.retrieveObjects ? { objects: [] } : {}) });
}

function read(path: string, find: FindInstance): Route {
  return { method: 'GET', path, handle: (call) => respondWith(renderInstance(call.tenant, find(call))) };
}

function put(path: string, find: FindInstance): Route {
  return {
    method: 'PUT',
    path,
    handle: (call) => {
      const updated = putInstance(call.tenant, find(call), readInstanceBody(call.request.body));
      return respondWith(renderInstance(call.tenant, updated));
    },
  };
}

function patch(path: string, find: FindInstance): Route {
  return {
    method: 'PATCH',
    path,
    handle: (call) => {
      const before = find(call);
      const body = readInstanceBody(call.request.body);
      const updated = patchInstance(call.tenant, before, body, call.view?.patchReplaces);
      return respondWith(renderInstance(call.tenant, updated));
    },
  };
}

function remove(path: string, find: FindInstance): Route {
  return {
    method: 'DELETE',
    path,
    handle: (call) => {
      call.tenant.state.commit({ op: 'delete', id: find(call).id });
      return { status: 200 };
    },
  };
}

/** PUT switches on, DELETE switches off; the configuration is kept (platform-api §5). */
function enabled(path: string, find: FindInstance): readonly Route[] {
  const set = (call: RouteCall, disabled: boolean): SandboxResponse => {
    call.tenant.state.commit({ op: 'put', instance: { ...find(call), disabled } });
    return { status: 200 };
  };
  return [
    { method: 'PUT', path, handle: (call) => set(call, false) },
    { method: 'DELETE', path, handle: (call) => set(call, true) },
  ];
}

/** Which instance a call is about. */
type FindInstance = (call: RouteCall) => StoredInstance;

/** `/instances/{id}`. */
function byId({ tenant, params, view }: RouteCall): StoredInstance {
  const id = params.get('id') ?? '';
  return view?.former?.(Number(id)) ?? tenant.instance(id);
}

/** `/elements/{keyOrId}/instances/{id}`: the instance must be of that connector. */
function byConnectorAndId(call: RouteCall): StoredInstance {
  const connector = call.tenant.connector(call.params.get('keyOrId') ?? '');
  const instance = byId(call);
  if (instance.connector !== connector.key) {
    throw new ApiError(404, `No element instance found with id ${instance.id} for element ${connector.key}`);
  }
  return instance;
}

/** `/instances`: the instance whose token stands in the header. Throws a 401 without a token. */
export function byToken({ instance }: RouteCall): StoredInstance {
  if (instance === undefined) throw refuse();
  return instance;
}

/** Single configuration entries, by id and by token (platform-api §5). */
function configurationRoutes(path: string, find: FindInstance): readonly Route[] {
  return [
    { method: 'GET', path, handle: (call) => respondWith(showEntries(call.tenant, find(call))) },
    {
      method: 'GET',
      path: `${path}/:configId`,
      handle: (call) => respondWith(findEntry(showEntries(call.tenant, find(call)), call)),
    },
    { method: 'PATCH', path: `${path}/:configId`, handle: (call) => patchEntry(call, find(call)) },
  ];
}

/** An entry as `/instances/{id}/configuration` shows it (platform-api §5). */
interface ShownEntry {
  /** Per instance: must be looked up by key. */
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly description: string | undefined;
  /** Always text, or null when it has no value. */
  readonly propertyValue: string | null;
  readonly type: string;
  readonly required: boolean;
  readonly active: boolean;
  readonly hideFromConsole: boolean;
}

/** The whole entry or only `propertyValue` may be sent (platform-api §5). */
function patchEntry(call: RouteCall, instance: StoredInstance): SandboxResponse {
  const { tenant, request } = call;
  const { key } = findEntry(showEntries(tenant, instance), call);
  if (!isJsonObject(request.body) || request.body['propertyValue'] === undefined) {
    throw new ApiError(400, 'Missing required field: propertyValue');
  }
  const body = readInstanceBody({ configuration: { [key]: request.body['propertyValue'] } });
  const updated = patchInstance(tenant, instance, body);
  return respondWith(findEntry(showEntries(tenant, updated), call));
}

/** Declared entries only, also those without a value (platform-api §5). */
function showEntries(tenant: Tenant, instance: StoredInstance): readonly ShownEntry[] {
  const connector = tenant.connector(instance.connector);
  const values = renderConfiguration(instance, connector, tenant.quirks);
  return connector.entries.flatMap((declared, index) =>
    declared.neverReturned === true ? [] : [showEntry(declared, { id: instance.id * 1000 + index, values })],
  );
}

function showEntry(
  declared: SandboxEntry,
  { id, values }: { readonly id: number; readonly values: Readonly<Record<string, string | null>> },
): ShownEntry {
  const key = declared.comesBackAs ?? declared.key;
  return {
    id,
    key,
    name: declared.name,
    description: declared.description,
    propertyValue: values[key] ?? null,
    type: declared.type,
    required: declared.required,
    active: true,
    hideFromConsole: declared.hideFromConsole,
  };
}

function findEntry(entries: readonly ShownEntry[], { params }: RouteCall): ShownEntry {
  const id = params.get('configId') ?? '';
  const found = entries.find((candidate) => String(candidate.id) === id);
  if (found === undefined) throw new ApiError(404, `No configuration found with id ${id}`);
  return found;
}
