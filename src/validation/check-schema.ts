import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../schema/instance.schema.json' with { type: 'json' };
import type { Json } from '../model/json.ts';

let compiled: ValidateFunction | undefined;

/** What the JSON Schema has against a document; nothing when it is right. Compiles the schema when it is first called. */
export function checkSchema(document: Json): readonly ErrorObject[] {
  compiled ??= new Ajv2020({ allErrors: true, allowUnionTypes: true, allowMatchingProperties: true }).compile(schema);
  return compiled(document) ? [] : (compiled.errors ?? []);
}
