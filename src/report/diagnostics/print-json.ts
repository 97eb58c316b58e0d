import type { Json } from '../../model/json.ts';

/** A value as JSON text of several lines. What a terminal would act on or not show is written as an escape. */
export function printJson(value: Json): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, toEscape)}\n`;
}

function toEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
