import type { DesiredInstance } from '../../model/desired.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { fromPointer, type ParsedDocument, type Pointer, toPointer } from '../../model/position.ts';
import { memberOf } from '../edit/edit-json.ts';

/** Where a field's value is written. */
export interface Place {
  readonly at: Pointer;
  /** As it is written: references are still text. */
  readonly raw: Json | undefined;
}

/**
 * Finds where the value of a field was written: in the override of the environment, or in the definition itself.
 * A resolved definition knows the place, but not the environment; so the override is the one that stands at that place.
 */
export function findPlace(document: ParsedDocument, desired: DesiredInstance, field: Pointer): Place {
  const wanted = desired.at(field);
  const overrides = memberOf(document.value, 'overrides');
  const names = isJsonObject(overrides) ? Object.keys(overrides) : [];
  const inOverrides = names.map((name) => toPlace(document, toPointer('overrides', name) + field));
  const found = inOverrides.find(({ at, raw }) => {
    const { line, column } = document.at(at);
    return raw !== undefined && line === wanted.line && column === wanted.column;
  });
  return found ?? toPlace(document, field);
}

function toPlace({ value }: ParsedDocument, at: Pointer): Place {
  return { at, raw: fromPointer(at).reduce<Json | undefined>(memberOf, value) };
}
