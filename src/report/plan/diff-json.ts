import type { Json, JsonObject } from '../../model/json.ts';

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

/** Whether a value has parts of its own. */
export function isContainer(value: Json | undefined): value is JsonObject | readonly Json[] {
  return typeof value === 'object' && value !== null;
}

/** The value; or, when it is the text of a JSON object or list, what that text says. */
export function unpackJson(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value) || isDeep(value)) return value;
  try {
    const parsed: Json = JSON.parse(value);
    return parsed;
  } catch {
    return value;
  }
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
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
  const unfolds = [before, after].every((side) => side === undefined || (isContainer(side) && !isEmpty(side)));
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
  if (!isContainer(value)) return new Map();
  const inList = Array.isArray(value);
  return new Map(Object.entries(value).map(([name, part]) => [inList ? `[${name}]` : name, part]));
}

function areEqual(before: Json | undefined, after: Json | undefined): boolean {
  if (!isContainer(before) || !isContainer(after)) return before === after;
  const names = Object.keys(before);
  if (Array.isArray(before) !== Array.isArray(after) || names.length !== Object.keys(after).length) return false;
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return names.every((name) => right.has(name) && areEqual(left.get(name), right.get(name)));
}
