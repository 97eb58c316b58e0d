import { canonicalJson, type Json } from '../../model/json.ts';
import type { Plan } from '../../model/plan.ts';

/** Characters that JSON may hold as they are, but that act on a terminal or cannot be seen. */
const unseen = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u007f-\u009f\u{e0000}-\u{e007f}]/gu;

/** A plan as one JSON document: equal plans give equal bytes. */
export function renderPlanJson(plan: Plan): string {
  return toPrintableJson(plan);
}

/**
 * JSON with sorted keys, two blanks a level and a line feed at the end. Members that are undefined are left out.
 * Characters that act on a terminal are escaped, so that it can be printed wherever it goes.
 */
export function toPrintableJson(value: Json | object): string {
  return `${canonicalJson(value, 2).replace(unseen, escapeUnits)}\n`;
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => String.raw`\u` + character.charCodeAt(index).toString(16).padStart(4, '0'),
  ).join('');
}
