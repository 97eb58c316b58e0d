import type { Json } from '../../model/json.ts';
import type { FieldChange } from '../../model/plan.ts';
import { isStructured } from '../../model/json.ts';
import { diffJson, type JsonDifference, unpackJson } from './diff-json.ts';

/**
 * What differs inside a field that holds JSON; undefined for any other field.
 * It holds JSON when a side has parts and the other has parts as well or is as good as nothing (platform-api §10: `""`, `{}` and null are alike).
 */
export function diffField({ before, after }: FieldChange): readonly JsonDifference[] | undefined {
  const sides = [unpackStructure(before), unpackStructure(after)];
  const holdsJson = sides.some(isStructured) && sides.every((side) => side === undefined || isStructured(side));
  if (!holdsJson) return undefined;
  const differences = diffJson(sides[0], sides[1]);
  // Without any difference in the parts, the texts say more: `{}` against nothing.
  return differences.length === 0 ? undefined : differences;
}

function unpackStructure(value: Json | undefined): Json | undefined {
  const unpacked = unpackJson(value);
  return unpacked === null || unpacked === '' ? undefined : unpacked;
}
