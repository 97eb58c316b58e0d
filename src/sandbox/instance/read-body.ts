import { ApiError } from '../api-error.ts';
import { isObject, type JsonRecord } from '../json-object.ts';

/** What the body of a create or an update says (platform-api §3); every part may be missing. */
export interface InstanceBody {
  /** Without HTML. */
  readonly name?: string;
  /** Without HTML. */
  readonly tags?: readonly string[];
  /** Key or id of the connector. */
  readonly element?: string;
  readonly configuration?: JsonRecord;
  readonly providerData?: JsonRecord;
  readonly externalAuthentication?: 'initial';
  readonly retrieveObjects: boolean;
}

/** Decodes a body; fields that are not known are ignored. Throws an ApiError 400 when a part has the wrong type. */
export function readInstanceBody(body: unknown): InstanceBody {
  if (!isObject(body)) throw new ApiError(400, 'The request body must be a JSON object');
  const { name, tags, element, configuration, providerData } = body;
  return {
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(Array.isArray(tags) ? { tags: readTags(tags) } : {}),
    ...(isObject(element) ? readElement(element) : {}),
    ...(isSent(configuration) ? { configuration: readObject('configuration', configuration) } : {}),
    ...(isSent(providerData) ? { providerData: readObject('providerData', providerData) } : {}),
    ...(body['externalAuthentication'] === 'initial' ? { externalAuthentication: 'initial' } : {}),
    retrieveObjects: body['retrieveObjectsAfterInstantiation'] === true,
  };
}

function readName(name: unknown): string {
  if (typeof name !== 'string') throw new ApiError(400, 'The field name must be a string');
  return sanitise(name);
}

function readTags(tags: readonly unknown[]): readonly string[] {
  return tags.map((tag) => {
    // Tags were objects once (platform-api §3).
    const text = isObject(tag) ? tag['name'] : tag;
    if (typeof text !== 'string') throw new ApiError(400, 'The field tags must be a list of strings');
    return sanitise(text);
  });
}

function readElement(element: JsonRecord): { readonly element?: string } {
  const named = element['key'] ?? element['id'];
  return typeof named === 'string' || typeof named === 'number' ? { element: String(named) } : {};
}

function isSent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function readObject(field: string, value: unknown): JsonRecord {
  if (!isObject(value)) throw new ApiError(400, `The field ${field} must be an object`);
  return value;
}

/** Takes HTML tags out, as the platform does with names and tags (platform-api §3): `<b>x</b>` becomes `x`. */
function sanitise(text: string): string {
  let before: string;
  let after = text;
  // Taking one tag out can leave another one behind.
  do {
    before = after;
    after = before.replaceAll(/<[^<>]*>/g, '');
  } while (after !== before);
  return after.trim();
}
