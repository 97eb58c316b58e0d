import {
  canonicalJson,
  isJsonObject,
  isList,
  isStructured,
  type Json,
  type JsonObject,
  toJsonObject,
} from '../../model/json.ts';
import { fromPointer, type Pointer, toPointer } from '../../model/position.ts';
import { memberOf } from './edit-json.ts';
import type { Edit } from './edit.ts';

/** One change that is a splice of the text: of a value that is there, of a new last entry, of an entry that goes. */
export type Step =
  | { readonly kind: 'set'; readonly at: Pointer; readonly value: Json }
  /** `at` is the map or the list; a list's new item has no key. */
  | { readonly kind: 'add'; readonly at: Pointer; readonly key?: string; readonly value: Json }
  /** Never of the only entry: that is a `set` of its map or list to an empty one. */
  | { readonly kind: 'remove'; readonly at: Pointer };

type Steps = { readonly steps: readonly Step[] } | { readonly reason: string };

/**
 * Breaks an edit up into the smallest changes, so that comments inside a map or a list survive.
 * They are to be carried out one after the other.
 */
export function listSteps(data: Json, edit: Edit): Steps {
  const segments = fromPointer(edit.at);
  const depth = countExisting(data, segments);
  if (depth < segments.length)
    return 'remove' in edit ? { steps: [] } : addMissing(data, segments.slice(0, depth), edit);
  if ('value' in edit) return { steps: listDifferences(edit.at, valueAt(data, segments), edit.value) };
  const last = segments.at(-1);
  if (last === undefined) return { reason: 'A whole document cannot be removed.' };
  return { steps: listRemovals(toPointer(...segments.slice(0, -1)), valueAt(data, segments.slice(0, -1)), [last]) };
}

function countExisting(data: Json, segments: readonly string[]): number {
  const missing = segments.findIndex((_, depth) => valueAt(data, segments.slice(0, depth + 1)) === undefined);
  return missing === -1 ? segments.length : missing;
}

function valueAt(data: Json, segments: readonly string[]): Json | undefined {
  return segments.reduce<Json | undefined>(memberOf, data);
}

function addMissing(data: Json, path: readonly string[], edit: { readonly at: Pointer; readonly value: Json }): Steps {
  const parent = valueAt(data, path);
  const [segment = '', ...rest] = fromPointer(edit.at).slice(path.length);
  const value = rest.reduceRight<Json>((inner, key) => toJsonObject([[key, inner]]), edit.value);
  const at = toPointer(...path);
  if (isList(parent)) {
    const isNext = segment === '-' || segment === String(parent.length);
    return isNext ? { steps: [{ kind: 'add', at, value }] } : { reason: 'The list has no such item.' };
  }
  if (isJsonObject(parent)) return { steps: [{ kind: 'add', at, key: segment, value }] };
  if (parent === null) return { steps: [{ kind: 'set', at, value: toJsonObject([[segment, value]]) }] };
  return { reason: 'The parent of the value is not a mapping.' };
}

function listDifferences(at: Pointer, before: Json | undefined, after: Json): readonly Step[] {
  if (isSame(before, after)) return [];
  if (isJsonObject(before) && isJsonObject(after) && Object.keys(after).length > 0)
    return compareMaps(at, before, after);
  if (isList(before) && isList(after) && after.length > 0) return compareLists(at, before, after);
  return [{ kind: 'set', at, value: after }];
}

function compareMaps(at: Pointer, before: JsonObject, after: JsonObject): readonly Step[] {
  const wanted = Object.entries(after);
  return [
    ...wanted.flatMap(([key, value]) =>
      Object.hasOwn(before, key) ? listDifferences(at + toPointer(key), before[key], value) : [],
    ),
    ...wanted
      .filter(([key]) => !Object.hasOwn(before, key))
      .map(([key, value]): Step => ({ kind: 'add', at, key, value })),
    ...Object.keys(before)
      .filter((key) => !Object.hasOwn(after, key))
      .map((key): Step => ({ kind: 'remove', at: at + toPointer(key) })),
  ];
}

/** Items that stay in their order are kept; of what remains, one takes the place of the other. */
function compareLists(at: Pointer, before: readonly Json[], after: readonly Json[]): readonly Step[] {
  const { from, kept, skipped } = matchStart(before, after);
  const shorter = Math.min(before.length - from, after.length - kept);
  let tail = 0;
  while (tail < shorter && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  // New items can only be appended, so the tail is overwritten when there are more of them.
  if (after.length - kept > before.length - from) tail = 0;

  const old = before.slice(from, before.length - tail);
  const replaced = after.slice(kept, after.length - tail);
  const gone = [...skipped, ...old.map((_, index) => from + index).slice(replaced.length)];
  return [
    ...replaced.flatMap((value, index): readonly Step[] =>
      index < old.length
        ? listDifferences(at + toPointer(from + index), old[index], value)
        : [{ kind: 'add', at, value }],
    ),
    ...gone.toReversed().map((index): Step => ({ kind: 'remove', at: at + toPointer(index) })),
  ];
}

/** How far the new list can be had by only taking items of the old one away. */
function matchStart(before: readonly Json[], after: readonly Json[]) {
  const skipped: number[] = [];
  let from = 0;
  let kept = 0;
  for (const item of after) {
    const found = before.findIndex((one, index) => index >= from && isSame(one, item));
    if (found === -1) break;
    for (let index = from; index < found; index += 1) skipped.push(index);
    from = found + 1;
    kept += 1;
  }
  return { from, kept, skipped };
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b);
}

function listRemovals(at: Pointer, parent: Json | undefined, [segment = '']: readonly string[]): readonly Step[] {
  const isOnly = isStructured(parent) && Object.keys(parent).length === 1;
  if (!isOnly) return [{ kind: 'remove', at: at + toPointer(segment) }];
  return [{ kind: 'set', at, value: isList(parent) ? [] : toJsonObject([]) }];
}
