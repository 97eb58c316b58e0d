import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../schema');

/** The schema of a file in `schema/`, compiled. */
export function compileSchema(name: 'output' | 'plan'): ValidateFunction {
  return new Ajv2020({ allErrors: true, strict: false }).compile(readSchema(name));
}

export function readSchema(name: 'output' | 'plan'): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(folder, `${name}.schema.json`), 'utf8'));
}

/** What of a value, as JSON, the schema does not allow. */
export function faultsOf(validate: ValidateFunction, value: unknown): readonly string[] {
  validate(JSON.parse(JSON.stringify(value)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
