import { ApiError } from '../api-error.ts';
import type { SandboxEntry } from '../catalogue/connector.ts';
import { answerWith } from '../exchange.ts';
import type { Answer, Call, Route } from '../exchange.ts';
import { toShown } from '../instance/configuration.ts';
import { isObject } from '../json-object.ts';
import { patchInstance } from '../instance/update-instance.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { Tenant } from '../tenant.ts';
import { byId, byToken } from './find-instance.ts';
import type { FindInstance } from './find-instance.ts';

/** An entry as `/instances/{id}/configuration` shows it (platform-api §5). */
interface ShownEntry {
  /** Per instance: must be looked up by key. */
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly description?: string;
  /** Always text, or null when it has no value. */
  readonly propertyValue: string | null;
  readonly type: string;
  readonly required: boolean;
  readonly active: boolean;
  readonly hideFromConsole: boolean;
}

/** Single configuration entries, by id and by token (platform-api §5). */
export const instanceConfigurationRoutes: readonly Route[] = [
  ...configurationRoutes('/instances/configuration', byToken),
  ...configurationRoutes('/instances/:id/configuration', byId),
];

function configurationRoutes(path: string, find: FindInstance): readonly Route[] {
  return [
    { method: 'GET', path, handle: (call) => answerWith(showEntries(call.tenant, find(call))) },
    {
      method: 'GET',
      path: `${path}/:configId`,
      handle: (call) => answerWith(findEntry(showEntries(call.tenant, find(call)), call)),
    },
    { method: 'PATCH', path: `${path}/:configId`, handle: (call) => patchEntry(call, find(call)) },
  ];
}

/** The whole entry or only `propertyValue` may be sent (platform-api §5). */
function patchEntry(call: Call, instance: StoredInstance): Answer {
  const { tenant, request } = call;
  const { key } = findEntry(showEntries(tenant, instance), call);
  if (!isObject(request.body) || request.body['propertyValue'] === undefined) {
    throw new ApiError(400, 'Missing required field: propertyValue');
  }
  const configuration = { [key]: request.body['propertyValue'] };
  const updated = patchInstance(tenant, instance, { configuration, retrieveObjects: false });
  return answerWith(findEntry(showEntries(tenant, updated), call));
}

/** Declared entries only, also those without a value (platform-api §5). */
function showEntries(tenant: Tenant, instance: StoredInstance): readonly ShownEntry[] {
  const connector = tenant.connector(instance.connector);
  const values = toShown(instance, connector, tenant.quirks);
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
    ...(declared.description === undefined ? {} : { description: declared.description }),
    propertyValue: values[key] ?? null,
    type: declared.type,
    required: declared.required,
    active: true,
    hideFromConsole: declared.hideFromConsole,
  };
}

function findEntry(entries: readonly ShownEntry[], { params }: Call): ShownEntry {
  const id = params.get('configId') ?? '';
  const found = entries.find((candidate) => String(candidate.id) === id);
  if (found === undefined) throw new ApiError(404, `No configuration found with id ${id}`);
  return found;
}
