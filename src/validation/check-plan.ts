import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import schema from '../../schema/plan.schema.json' with { type: 'json' };

let compiled: ValidateFunction | undefined;

/** The first place at which a plan is not as its schema says, as `/changes/0/reason/code`; undefined when it is right. Compiles the schema when it is first called. */
export function findPlanFault(plan: object): string | undefined {
  compiled ??= new Ajv2020({ meta: false, validateSchema: false, allowUnionTypes: true }).compile(schema);
  if (compiled(plan)) return undefined;
  return compiled.errors?.[0]?.instancePath ?? '';
}
