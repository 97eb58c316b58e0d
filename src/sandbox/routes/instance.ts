import { ApiError } from '../api-error.ts';
import { answerWith } from '../exchange.ts';
import type { Answer, Call, Route } from '../exchange.ts';
import { createInstance } from '../instance/create-instance.ts';
import { readInstanceBody } from '../instance/read-body.ts';
import { renderInstance } from '../instance/render-instance.ts';
import { patchInstance, putInstance } from '../instance/update-instance.ts';
import { byConnectorAndId, byId, byToken } from './find-instance.ts';
import type { FindInstance } from './find-instance.ts';

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
];

function create({ tenant, request }: Call, keyOrId: string | undefined): Answer {
  if (keyOrId === undefined) throw new ApiError(400, 'Missing required field: element.key');
  const body = readInstanceBody(request.body);
  const instance = createInstance(tenant, tenant.connector(keyOrId), body);
  return answerWith({ ...renderInstance(tenant, instance), ...(body.retrieveObjects ? { objects: [] } : {}) });
}

function read(path: string, find: FindInstance): Route {
  return { method: 'GET', path, handle: (call) => answerWith(renderInstance(call.tenant, find(call))) };
}

function put(path: string, find: FindInstance): Route {
  return {
    method: 'PUT',
    path,
    handle: (call) => {
      const updated = putInstance(call.tenant, find(call), readInstanceBody(call.request.body));
      return answerWith(renderInstance(call.tenant, updated));
    },
  };
}

function patch(path: string, find: FindInstance): Route {
  return {
    method: 'PATCH',
    path,
    handle: (call) => {
      const updated = patchInstance(call.tenant, find(call), readInstanceBody(call.request.body));
      return answerWith(renderInstance(call.tenant, updated));
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
  const set = (call: Call, disabled: boolean): Answer => {
    call.tenant.state.commit({ op: 'put', instance: { ...find(call), disabled } });
    return { status: 200 };
  };
  return [
    { method: 'PUT', path, handle: (call) => set(call, false) },
    { method: 'DELETE', path, handle: (call) => set(call, true) },
  ];
}
