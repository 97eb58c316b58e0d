import { isJsonObject, type JsonObject, writeJson } from '../model/json.ts';
import { parseJson } from '../model/parse-json.ts';

/** Name and value, in the order of the text. */
export type NamedText = readonly [name: string, value: string];

/**
 * One text that holds many secrets: a JSON object, or lines of `NAME=value` as dotenv knows them.
 * In JSON, a number or a truth value counts as its text, null as not set, and any other value as JSON.
 */
export function readSecretText(text: string): readonly NamedText[] {
  return readObject(text) ?? readLines(text);
}

/** Whether it is a JSON object, or lines of which each is an entry, a comment or blank. */
export function isBundleText(text: string): boolean {
  if (/^\s*[{[]/.test(text)) return readObject(text) !== undefined;
  return text.split(/\r?\n/).every((line) => /^\s*(?:#|$)/.test(line) || entry.test(line));
}

const entry = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*(.*?)\s*$/;

function readObject(text: string): readonly NamedText[] | undefined {
  const parsed = parseJson(text);
  return parsed.ok && isJsonObject(parsed.value) ? listTexts(parsed.value) : undefined;
}

/** Each member as the text of a secret, a number digit for digit. What is null is not set. */
export function listTexts(object: JsonObject): readonly NamedText[] {
  return Object.entries(object).flatMap(([name, value]): readonly NamedText[] => {
    if (value === null) return [];
    return [[name, typeof value === 'string' ? value : writeJson(value)]];
  });
}

function readLines(text: string): readonly NamedText[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const found = /^\s*#/.test(line) ? null : entry.exec(line);
    return found === null ? [] : [[found[1] ?? '', unquote(found[2] ?? '')] as const];
  });
}

/** In double quotes, `\n` is a line break, so that a key of several lines fits in one. */
function unquote(value: string): string {
  const [, quote, inner = ''] = /^(["'])(.*)\1$/.exec(value) ?? [];
  if (quote === undefined) return value;
  return quote === "'" ? inner : inner.replaceAll(/\\([nrt"\\])/g, (_, letter: string) => escapes[letter] ?? letter);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
