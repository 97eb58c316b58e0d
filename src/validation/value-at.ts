import { isJsonObject, type Json } from '../model/json.ts';
import type { Path } from './path.ts';

/** What stands at a place; undefined when there is no such place. */
export function valueAt(document: Json, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(childOf, document);
}

function childOf(value: Json | undefined, key: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) ? value[key] : undefined;
}
