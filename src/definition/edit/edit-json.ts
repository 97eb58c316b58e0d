import { isJsonObject, isList, type Json, toJsonObject } from '../../model/json.ts';
import { fromPointer } from '../../model/position.ts';
import type { Edit } from './edit.ts';

/** The data with an edit applied. The edit must fit: no path through a text or a number, no gap in a list. */
export function editJson(data: Json, edit: Edit): Json {
  return change(data, fromPointer(edit.at), edit);
}

function change(data: Json, [segment, ...rest]: readonly string[], edit: Edit): Json {
  if (segment === undefined) return 'value' in edit ? edit.value : data;
  if (isList(data)) return changeList(data, [segment, ...rest], edit);
  const members = isJsonObject(data) ? data : {};
  const isLast = rest.length === 0;
  if ('remove' in edit && (isLast || !Object.hasOwn(members, segment))) {
    return toJsonObject(Object.entries(members).filter(([key]) => key !== segment));
  }
  const changed = change(memberOf(members, segment) ?? null, rest, edit);
  const kept = Object.entries(members).map(([key, value]) => [key, key === segment ? changed : value] as const);
  return toJsonObject(Object.hasOwn(members, segment) ? kept : [...kept, [segment, changed]]);
}

function changeList(list: readonly Json[], [segment, ...rest]: readonly string[], edit: Edit): Json {
  const index = segment === '-' ? list.length : Number(segment);
  if ('remove' in edit && rest.length === 0) return list.filter((_, at) => at !== index);
  if (index >= list.length) return 'remove' in edit ? list : [...list, change(null, rest, edit)];
  return list.map((item, at) => (at === index ? change(item, rest, edit) : item));
}

/** What a member of an object or a list is; undefined when there is none. */
export function memberOf(value: Json | undefined, segment: string): Json | undefined {
  if (isList(value)) return /^(?:0|[1-9]\d*)$/.test(segment) ? value[Number(segment)] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}
