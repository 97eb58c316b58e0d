import type { PlanOptions } from '../../operation/prepare-plan.ts';
import type { Inputs } from '../inputs.ts';

/** What the inputs say about planning. */
export function toPlanOptions({ only, prune, allowReplace }: Inputs): PlanOptions {
  return {
    allowReplace,
    ...(only === undefined ? {} : { only }),
    ...(prune === undefined ? {} : { prune }),
  };
}
