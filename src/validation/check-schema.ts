import { isExactNumber } from '../model/exact-number.ts';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../schema/instance.schema.json' with { type: 'json' };
import { isJsonObject, isList, type Json, toJsonObject } from '../model/json.ts';

let compiled: ValidateFunction | undefined;

/**
 * The schema is our own, and tests hold it right: to check it against the schema of schemas, and to polish what is compiled,
 * would take half the time that a command needs before its first request.
 */
const quickly = { meta: false, validateSchema: false, code: { optimize: false } } as const;
const rules = { allErrors: true, allowUnionTypes: true, allowMatchingProperties: true } as const;

const none: readonly ErrorObject[] = [];
/** Documents that were found right: a plan asks before its first request, and again when it looks for all that is wrong. */
const right = new WeakSet<object>();

/** What the JSON Schema has against a document; nothing when it is right. Compiles the schema when it is first called. */
export function checkSchema(document: Json): readonly ErrorObject[] {
  if (typeof document === 'object' && document !== null && right.has(document)) return none;
  compiled ??= new Ajv2020({ ...rules, ...quickly }).compile(schema);
  if (!compiled(roundNumbers(document))) return compiled.errors ?? none;
  if (typeof document === 'object' && document !== null) right.add(document);
  return none;
}

/** Whether the JSON Schema has nothing against a document. */
export function fitsSchema({ value }: { readonly value: Json }): boolean {
  return checkSchema(value).length === 0;
}

/** The schema speaks of types only, so here the digits don't matter. Hardly any document has such a number: it is checked as it is. */
function roundNumbers(value: Json): Json {
  return holdsExactNumber(value) ? withRoundNumbers(value) : value;
}

function holdsExactNumber(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isExactNumber(value)) return true;
  for (const member of isList(value) ? value : Object.values(value)) {
    if (typeof member === 'object' && holdsExactNumber(member)) return true;
  }
  return false;
}

function withRoundNumbers(value: Json): Json {
  if (isExactNumber(value)) return Math.min(Math.max(Number(value), -Number.MAX_VALUE), Number.MAX_VALUE);
  if (isJsonObject(value))
    return toJsonObject(Object.entries(value).map(([key, member]) => [key, withRoundNumbers(member)]));
  return isList(value) ? value.map(withRoundNumbers) : value;
}
