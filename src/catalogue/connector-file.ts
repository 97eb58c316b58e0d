import type { Connector, ConnectorEntry } from '../model/connector.ts';
import type { Json, JsonObject } from '../model/json.ts';

/**
 * The text of a pulled connector: in the platform's own shape, so that an answer of it can stand in its place, with its entries in the platform's order
 * and nothing that changes from one day to the next.
 */
export function renderConnectorFile(connector: Connector): string {
  const { key, name, hub, authentication, entries } = connector;
  const value: JsonObject = {
    key,
    name,
    ...optional({ hub }),
    ...(authentication === undefined ? {} : { authentication: { type: authentication } }),
    configuration: entries.map(encodeEntry),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function encodeEntry(entry: ConnectorEntry): Json {
  const { key, name, type, description, defaultValue, groupName, options } = entry;
  const marks = ['required', 'hideFromConsole', 'internal', 'groupControl'] as const;
  return {
    key,
    name,
    type,
    ...Object.fromEntries(marks.filter((mark) => entry[mark]).map((mark) => [mark, true])),
    ...optional({ defaultValue, groupName, description }),
    ...(options === undefined ? {} : { options: options.map((one) => optional({ ...one })) }),
  };
}

function optional(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}
