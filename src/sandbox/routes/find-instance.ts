import { ApiError } from '../api-error.ts';
import { refuse } from '../authorization.ts';
import type { Call } from '../exchange.ts';
import type { StoredInstance } from '../state/stored-instance.ts';

/** Which instance a call is about. */
export type FindInstance = (call: Call) => StoredInstance;

/** `/instances/{id}`. */
export function byId({ tenant, params }: Call): StoredInstance {
  return tenant.instance(params.get('id') ?? '');
}

/** `/elements/{keyOrId}/instances/{id}`: the instance must be of that connector. */
export function byConnectorAndId(call: Call): StoredInstance {
  const connector = call.tenant.connector(call.params.get('keyOrId') ?? '');
  const instance = byId(call);
  if (instance.connector !== connector.key) {
    throw new ApiError(404, `No element instance found with id ${instance.id} for element ${connector.key}`);
  }
  return instance;
}

/** `/instances`: the instance whose token stands in the header. Throws a 401 without a token. */
export function byToken({ instance }: Call): StoredInstance {
  if (instance === undefined) throw refuse();
  return instance;
}
