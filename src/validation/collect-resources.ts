import { isJsonObject, type Json } from '../model/json.ts';
import { parseJson } from '../model/parse-json.ts';
import type { Entry, Path, Resource } from './subject.ts';
import { pollerKey } from '../model/platform-keys.ts';

/** All polled resources among configuration entries, from mappings and from JSON texts. */
export function collectResources(entries: readonly Entry[]): readonly Resource[] {
  return entries.flatMap(({ key, value, path }) => {
    if (key !== pollerKey) return [];
    const inText = typeof value === 'string';
    const resources = inText ? parsePoller(value) : value;
    if (!isJsonObject(resources)) return [];
    return Object.entries(resources).flatMap(([name, fields]) =>
      isJsonObject(fields) ? [{ name, fields, path: inText ? path : [...path, name], inText }] : [],
    );
  });
}

/** Where a field of a resource is shown. */
export function placeOfField(resource: Resource, ...fields: readonly string[]): Path {
  return resource.inText ? resource.path : [...resource.path, ...fields];
}

/** The poller configuration that a text holds; undefined when it is no JSON. Empty text is an empty one (platform-api §7). */
export function parsePoller(text: string): Json | undefined {
  if (text.trim() === '') return {};
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}
