import type { Json } from '../../model/json.ts';
import type { Pointer } from '../../model/position.ts';

/**
 * One change of a value in a document.
 * A value is set wherever the pointer leads: what is missing on the way is made, and `/list/-` or the index after the last one
 * appends. Taking away what is not there changes nothing.
 */
export type Edit = { readonly at: Pointer; readonly value: Json } | { readonly at: Pointer; readonly remove: true };

/** The text to put in place of `start` to `end` (offsets in UTF-16 code units, end exclusive). */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all splices applied. They must not overlap; those at one place apply in their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, text: inserted } of splices.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(from, start) + inserted;
    from = end;
  }
  return result + text.slice(from);
}
