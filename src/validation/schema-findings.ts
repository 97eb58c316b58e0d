import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../model/json.ts';
import { fromPointer } from '../model/position.ts';
import { checkSchema } from './check-schema.ts';
import type { Finding } from './rule.ts';
import { capital } from './show-text.ts';
import { type Path, type Subject, valueAt } from './subject.ts';

import schema from '../../schema/instance.schema.json' with { type: 'json' };

/** What other rules say in better words. */
const elsewhere: ReadonlySet<string> = new Set(['required', 'additionalProperties']);

const none: readonly Path[] = [];

/** The places in a document of which the schema wants another kind of value. */
export function findWrongPlaces(document: Json): readonly Path[] {
  const errors = checkSchema(document);
  if (errors.length === 0) return none;
  const pointers = new Set(errors.filter(isOurs).map(({ instancePath }) => instancePath));
  return [...pointers].map((pointer) => fromPointer(pointer));
}

/** What the schema has against the kinds of values in a document, of the places that are meant. */
export function findWrongKinds(
  { document, wrongPlaces }: Subject,
  isMeant: (path: Path, value: Json) => boolean,
): readonly Finding[] {
  return wrongPlaces
    .filter((path) => isMeant(path, valueAt(document.value, path) ?? null))
    .map((path) => toFinding(document.value, path));
}

/** Whether a value can stand in the configuration of a live instance: texts, and what is inside the JSON of one (platform-api §7). */
export function isLivable(path: Path, value: Json): boolean {
  const inside = path[0] === 'overrides' ? path.slice(2) : path;
  if (inside[0] !== 'configuration' || inside.length < 2) return false;
  return inside.length > 2 || (value !== null && typeof value !== 'object');
}

function isOurs({ keyword }: ErrorObject): boolean {
  return !elsewhere.has(keyword);
}

function toFinding(document: Json, path: Path): Finding {
  const value = valueAt(document, path) ?? null;
  const subject = path.length === 0 ? 'the document' : `\`${showPath(path)}\``;
  const node = nodeAt(path);
  return {
    path,
    detail: capital(`${subject} must be ${node.$comment ?? 'something else'}, but ${kindOf(value, node)}.`),
    hint: hintFor(path, value, node),
  };
}

function kindOf(value: Json, node: Node): string {
  if (value === null) return 'it is empty';
  if (Array.isArray(value)) return allows(node, 'array') ? 'it contains duplicates' : 'it is a list';
  if (typeof value === 'object') return 'it is a mapping';
  if (typeof value !== 'string') return `it is \`${String(value)}\``;
  return allows(node, 'string') || node.enum !== undefined ? 'it is a different string' : 'it is a string';
}

const linesUnder = 'Write `key: value` lines under it.';

function hintFor(path: Path, value: Json, node: Node): string {
  const field = String(path.at(-1) ?? '');
  if (allows(node, 'array')) return `Write it as a list: \`${field}: [one, another]\`.`;
  if (path[0] === 'ignore' && typeof value === 'string' && /^[\w.-]+$/.test(value)) {
    return `Write \`configuration.${value}\`.`;
  }
  if (Array.isArray(value) && allows(node, 'string') && allows(node, 'boolean')) {
    return 'Write it as one string, with the separator that the connector expects, often a comma.';
  }
  if (Array.isArray(value) && allows(node, 'object') && !allows(node, 'integer')) return linesUnder;
  if (allows(node, 'boolean')) return 'Write `true` or `false`.';
  if (value === null && allows(node, 'string')) return 'Write a value.';
  const isNumeric = allows(node, 'integer') || allows(node, 'number');
  if (isNumeric && !(typeof value === 'boolean' && allows(node, 'string'))) return 'Write a bare number.';
  if (node.enum !== undefined) return `Write \`${field}: ${node.enum.join(' or ')}\`, or remove it.`;
  return allows(node, 'string') ? 'Write a string, in quotes if it looks like something else.' : linesUnder;
}

function allows({ type }: Node, wanted: string): boolean {
  return Array.isArray(type) ? type.includes(wanted) : type === wanted;
}

/** `configuration.event.vendor.type`, `tags[1]`. */
function showPath(path: Path): string {
  return path
    .map((part, index) => (/^\d+$/.test(String(part)) ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`))
    .join('');
}

interface Node {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly $comment?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
}

/** The part of the schema that a place must match. Its `$comment` says in words what is wanted. */
function nodeAt(path: Path): Node {
  const root: Node = schema;
  return path.reduce<Node>((parent, key) => resolve(childNode(parent, String(key))), root);
}

function childNode(node: Node, key: string): Node {
  const further = typeof node.additionalProperties === 'object' ? node.additionalProperties : {};
  const named = node.properties !== undefined && Object.hasOwn(node.properties, key) ? node.properties[key] : undefined;
  return named ?? node.items ?? further;
}

function resolve(node: Node): Node {
  if (node.$ref === undefined) return node;
  const definitions: Readonly<Record<string, Node>> = schema.$defs;
  return definitions[node.$ref.slice('#/$defs/'.length)] ?? node;
}
