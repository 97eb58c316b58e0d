import type { Connector, ConnectorEntry } from '../../model/connector.ts';
import { isJsonObject } from '../../model/json.ts';
import { decodeId } from './decode-instance.ts';
import { type Decoded, decodeEach, readField, readText, undecodable } from './json.ts';

/**
 * Reads a connector from either shape: `GET /elements/{key}`, or `GET /elements/{key}/configuration`, which names no key (platform-api §8).
 * @param key the one that was asked for; stands in where the answer names none
 */
export function decodeConnector(value: unknown, key: string): Decoded<Connector> {
  const list = readField(value, 'configuration');
  if (!Array.isArray(list)) return undecodable(`the configuration of connector ${key} is not a list`);
  const entries = decodeEach(list, `configuration entry`, decodeEntry);
  if (!entries.ok) return entries;

  const named = readText(value, 'key') ?? key;
  return {
    ok: true,
    value: {
      key: named,
      name: readText(value, 'name') ?? named,
      entries: entries.value,
      id: decodeId(readField(value, 'id')),
      hub: readText(value, 'hub'),
      authentication: readText(readField(value, 'authentication'), 'type'),
      ...(requiresNoGrant(readField(value, 'providerData')) ? { needsNoGrant: true } : {}),
    },
  };
}

/** `{configuration, providerData}` of the catalogue (platform-api §8). An empty list says nothing. */
function requiresNoGrant(providerData: unknown): boolean {
  return (
    Array.isArray(providerData) && providerData.length > 0 && providerData.every((entry) => !isTrue(entry, 'required'))
  );
}

/** Whether the answer holds the list of configuration entries: `GET /elements/{key}` need not. */
export function hasEntries(value: unknown): boolean {
  return Array.isArray(readField(value, 'configuration'));
}

function decodeEntry(value: unknown): Decoded<ConnectorEntry> {
  const key = readText(value, 'key');
  if (key === undefined) return undecodable('its key is missing');
  return {
    ok: true,
    value: {
      key,
      name: readText(value, 'name') ?? key,
      type: readText(value, 'type') ?? 'TEXTFIELD_1000',
      required: isTrue(value, 'required'),
      groupControl: isTrue(value, 'groupControl'),
      internal: isTrue(value, 'internal'),
      hideFromConsole: isTrue(value, 'hideFromConsole'),
      description: readText(value, 'description'),
      defaultValue: decodeText(readField(value, 'defaultValue')),
      options: decodeOptions(readField(value, 'options')),
      groupName: readText(value, 'groupName'),
    },
  };
}

function decodeOptions(value: unknown): ConnectorEntry['options'] {
  if (!Array.isArray(value)) return undefined;
  return value.filter(isJsonObject).flatMap((option) => {
    const text = decodeText(readField(option, 'value'));
    return text === undefined ? [] : [{ value: text, description: readText(option, 'description') }];
  });
}

function decodeText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isTrue(value: unknown, name: string): boolean {
  return readField(value, name) === true;
}
