import { isExactNumber } from '../../model/exact-number.ts';
import { isStructured, type Json, type JsonObject } from '../../model/json.ts';
import { parseJson } from '../../model/parse-json.ts';

/** A place where two JSON values differ. A leaf has a value on at least one side; a branch has children. */
export type JsonDifference = JsonLeaf | JsonBranch;

export interface JsonLeaf {
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface JsonBranch {
  readonly name: string;
  /** Whether all of it came, went, or only parts of it differ. */
  readonly kind: 'added' | 'removed' | 'changed';
  readonly children: readonly JsonDifference[];
}

/** Deeper levels are shown as JSON text, so that foreign text, however deep it is nested, cannot exhaust the stack. */
const deepest = 20;

/** Only what differs between two JSON objects or lists, as a tree. What is on one side only is unfolded down to its scalars. */
export function diffJson(before: Json | undefined, after: Json | undefined): readonly JsonDifference[] {
  return diffChildren(before, after, 0);
}

/** The value; or, when it is the text of a JSON object or list, what that text says. */
export function unpackJson(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const parsed = parseJson(value, { deepest });
  return parsed.ok ? parsed.value : value;
}

function diffChildren(before: Json | undefined, after: Json | undefined, depth: number): readonly JsonDifference[] {
  const [left, right] = [partsOf(before), partsOf(after)];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) => diffPart(name, [left.get(name), right.get(name)], depth + 1));
}

function diffPart(
  name: string,
  [before, after]: readonly [Json | undefined, Json | undefined],
  depth: number,
): readonly JsonDifference[] {
  if (areEqual(before, after)) return [];
  const unfolds = [before, after].every((side) => side === undefined || (isStructured(side) && !isEmpty(side)));
  if (unfolds && depth < deepest && areAlike(before, after)) {
    const oneSided = before === undefined ? 'added' : 'removed';
    const kind = before !== undefined && after !== undefined ? 'changed' : oneSided;
    return [{ name, kind, children: diffChildren(before, after, depth) }];
  }
  return [{ name, before, after }];
}

function areAlike(before: Json | undefined, after: Json | undefined): boolean {
  return before === undefined || after === undefined || Array.isArray(before) === Array.isArray(after);
}

function isEmpty(value: JsonObject | readonly Json[]): boolean {
  return Object.keys(value).length === 0;
}

/** Parts by name, in the order they stand; those of a list by `[index]`. */
function partsOf(value: Json | undefined): ReadonlyMap<string, Json> {
  if (!isStructured(value)) return new Map();
  const inList = Array.isArray(value);
  return new Map(Object.entries(value).map(([name, part]) => [inList ? `[${name}]` : name, part]));
}

function areEqual(before: Json | undefined, after: Json | undefined): boolean {
  if (!isStructured(before) || !isStructured(after)) return isSameScalar(before, after);
  const names = Object.keys(before);
  if (Array.isArray(before) !== Array.isArray(after) || names.length !== Object.keys(after).length) return false;
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return names.every((name) => right.has(name) && areEqual(left.get(name), right.get(name)));
}

function isSameScalar(before: Json | undefined, after: Json | undefined): boolean {
  return isExactNumber(before) && isExactNumber(after) ? String(before) === String(after) : before === after;
}
