import { isJsonObject } from '../../model/json.ts';
import { deepestJson, parseJson } from '../../model/parse-json.ts';

/** What was read from outside, or why it cannot be read. The problem is a clause in our own words: `its id is missing`. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** A problem of something that cannot be read. */
export function undecodable(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

/** Most values in one answer: a page of 200 instances has 20,000 and some. A list of nothing but brackets takes forty times its length in memory. */
const mostValues = 1_000_000;

/** A value of a configuration may have all the levels that are read: it stands in an instance, which stands in a list. */
const limits = { deepest: deepestJson + 4, beyond: 'text', most: mostValues } as const;

/** JSON text to a value, digit for digit and without throwing. One that is nested too deeply takes no other with it: the part below is text. */
export function parseAnswer(text: string): Decoded<unknown> {
  const parsed = parseJson(text, limits);
  if (parsed.ok) return parsed;
  return undecodable(parsed.why === 'too-many' ? `it holds more than ${mostValues} values` : 'it is not JSON');
}

/** The object's own field; undefined when it has none, or the value is no object. */
export function readField(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The object's own field when it is text that holds something. */
export function readText(value: unknown, name: string): string | undefined {
  const field = readField(value, name);
  return typeof field === 'string' && field !== '' ? field : undefined;
}

/** Decodes every entry, or gives the first problem with the place of its entry. */
export function decodeEach<T>(
  values: readonly unknown[],
  what: string,
  decode: (value: unknown) => Decoded<T>,
): Decoded<readonly T[]> {
  const decoded: T[] = [];
  for (const [index, value] of values.entries()) {
    const entry = decode(value);
    if (!entry.ok) return undecodable(`${what} ${index + 1} cannot be used: ${entry.problem}`);
    decoded.push(entry.value);
  }
  return { ok: true, value: decoded };
}
