import type { Json } from '../../model/json.ts';
import type { Plan } from '../../model/plan.ts';

/** Characters that JSON may hold as they are, but that act on a terminal or cannot be seen. */
const unseen = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/** A plan as one JSON document: equal plans give equal bytes. */
export function renderPlanJson(plan: Plan): string {
  return toCanonicalJson(plan);
}

/**
 * JSON with sorted keys, two blanks a level and a line feed at the end. Members that are undefined are left out.
 * Characters that act on a terminal are escaped, so that it can be printed wherever it goes.
 */
export function toCanonicalJson(value: Json | object): string {
  const text = JSON.stringify(value, (_, part: unknown) => sortKeys(part), 2);
  return `${text.replace(unseen, escapeUnits)}\n`;
}

function sortKeys(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  const sorted = Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => String.raw`\u` + character.charCodeAt(index).toString(16).padStart(4, '0'),
  ).join('');
}
