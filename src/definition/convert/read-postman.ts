import { isJsonObject, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import { kindOfRequest } from './request-kind.ts';
import { readJson } from './read-json.ts';
import { quoteStandIns, standIn } from './stand-in.ts';

/** A request of a Postman collection that may make an instance. */
export interface PostmanRequest {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly creates: boolean;
  /** What it sends; undefined when it sends nothing. `fault`: it is no JSON object, and why. */
  readonly body: { readonly value: JsonObject } | { readonly fault: string } | undefined;
  /** Names of the collection's variables in it. */
  readonly variables: readonly string[];
}

const variable = /\{\{\s*([\w.$-]+)\s*\}\}/g;

/** Whether the JSON is a Postman collection (v2.0 or v2.1), or one in its envelope of the API. */
export function postmanItems(value: Json): readonly Json[] | undefined {
  const collection = isJsonObject(value) && isJsonObject(value['collection']) ? value['collection'] : value;
  if (!isJsonObject(collection) || !isJsonObject(collection['info']) || !Array.isArray(collection['item']))
    return undefined;
  return collection['item'];
}

/** All requests in all folders, in their order. */
export function readPostman(items: readonly Json[]): readonly PostmanRequest[] {
  return items.flatMap((item) => {
    if (!isJsonObject(item)) return [];
    if (Array.isArray(item['item'])) return readPostman(item['item']);
    const { request } = item;
    const name = typeof item['name'] === 'string' ? item['name'] : 'request';
    return isJsonObject(request) ? [readRequest(name, request)] : [];
  });
}

function readRequest(name: string, request: JsonObject): PostmanRequest {
  const method = typeof request['method'] === 'string' ? request['method'].toUpperCase() : 'GET';
  const url = urlOf(request['url']);
  const body = isJsonObject(request['body']) ? readBodyOf(request['body']) : undefined;
  const kind = kindOfRequest(method, url, body !== undefined);
  const isInstance = body !== undefined && 'value' in body && 'configuration' in body.value;
  return {
    name,
    method,
    url,
    creates: kind === 'create' || (kind === 'unknown' && isInstance),
    body,
    variables: [...new Set([...JSON.stringify(request['body'] ?? null).matchAll(variable)].map(([, one = '']) => one))],
  };
}

/** v2.0 has a text or an object, v2.1 an object with `raw`. */
function urlOf(url: Json | undefined): string {
  if (typeof url === 'string') return url;
  if (!isJsonObject(url)) return '';
  if (typeof url['raw'] === 'string') return url['raw'];
  const path: readonly Json[] = Array.isArray(url['path']) ? url['path'] : [];
  return `/${path.map(String).join('/')}`;
}

function readBodyOf(body: JsonObject): PostmanRequest['body'] {
  const { mode, raw, disabled } = body;
  if (disabled === true) return undefined;
  if (mode === 'urlencoded' || mode === 'formdata') return readForm(body[mode]);
  if (mode === 'file' || mode === 'graphql')
    return { fault: `The request sends ${mode === 'file' ? 'a file' : 'GraphQL'}` };
  if (typeof raw !== 'string' || raw.trim() === '') return undefined;
  const text = raw.replaceAll(variable, (_, name: string) => standIn(name));
  const reading = readJson(quoteStandIns(text.replaceAll(/^[ \t]*\/\/.*$/gm, '')));
  if (!reading.ok) return { fault: reading.message };
  return isJsonObject(reading.value) ? { value: reading.value } : { fault: 'The body is no JSON object' };
}

/** The fields of a form: `configuration.oauth.api.key` and `element.key` are put where they belong; JSON texts are read. */
function readForm(fields: Json | undefined): PostmanRequest['body'] {
  const pairs = listObjects(fields).flatMap(({ key, value, disabled }) => {
    if (typeof key !== 'string' || key === '' || disabled === true) return [];
    const text = typeof value === 'string' ? value.replaceAll(variable, (_, name: string) => standIn(name)) : '';
    return [[key, text] as const];
  });
  if (pairs.length === 0) return undefined;
  const groups = new Map<string, (readonly [string, Json])[]>();
  const plain: (readonly [string, Json])[] = [];
  for (const [key, text] of pairs) {
    const [, group = '', rest = ''] =
      /^(element|connector|configuration|providerData)(?:\.|\[)(.+?)\]?$/.exec(key) ?? [];
    if (group === '') plain.push([key, parsedOf(text)]);
    else groups.set(group, [...(groups.get(group) ?? []), [rest, text]]);
  }
  const nested = [...groups].map(([group, members]) => [group, toJsonObject(members)] as const);
  return { value: toJsonObject([...plain, ...nested]) };
}

function listObjects(value: Json | undefined): readonly JsonObject[] {
  const items: readonly Json[] = Array.isArray(value) ? value : [];
  return items.flatMap((item) => (isJsonObject(item) ? [item] : []));
}

function parsedOf(text: string): Json {
  if (!/^\s*[{[]/.test(text)) return text;
  const reading = readJson(text);
  return reading.ok ? reading.value : text;
}
