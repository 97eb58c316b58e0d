import { canonicalJson, isList, isStructured, type Json, toJsonObject } from '../../model/json.ts';
import { memberOf } from '../edit/edit-json.ts';
import { fillVariables, findReferences } from '../references.ts';

/** The variables of an environment, by name. */
type Vars = Readonly<Record<string, string>>;

/** Shorter values occur by chance. */
const shortest = 3;

/**
 * One text for all environments where a value differs between them by a variable alone, such as the host of a callback: the live value with
 * `${{ vars.NAME }}` in place of what the variable is here. Undefined unless it gives in each of the others what the definition gives there now.
 *
 * @param raw as the definition writes it
 * @param live as it would have to be written for the environment with `vars` alone
 * @param others variables of the other environments that the text is for
 */
export function shareByVars(raw: Json, live: Json, vars: Vars, others: readonly Vars[]): Json | undefined {
  if (others.length === 0) return undefined;
  if (isSame(raw, live)) return raw;
  if (typeof raw === 'string' && typeof live === 'string') return shareText(raw, live, vars, others);
  if (!isStructured(raw) || !isStructured(live) || isList(raw) !== isList(live)) return undefined;
  const keys = Object.keys(live);
  if (!isSame(keys.toSorted(), Object.keys(raw).toSorted())) return undefined;
  const shared: (readonly [string, Json])[] = [];
  for (const key of keys) {
    const [before, after] = [memberOf(raw, key), memberOf(live, key)];
    const part = before === undefined || after === undefined ? undefined : shareByVars(before, after, vars, others);
    if (part === undefined) return undefined;
    shared.push([key, part]);
  }
  return isList(live) ? shared.map(([, part]) => part) : toJsonObject(shared);
}

/** The live value with the variables that the definition uses there already, part by part; it gives the same in this environment. */
export function keepVars(raw: Json | undefined, live: Json, vars: Vars): Json {
  if (isStructured(raw) && isStructured(live) && isList(raw) === isList(live)) {
    const parts = Object.entries(live).map(
      ([key, part]: readonly [string, Json]) => [key, keepVars(memberOf(raw, key), part, vars)] as const,
    );
    return isList(live) ? parts.map(([, part]) => part) : toJsonObject(parts);
  }
  if (typeof raw !== 'string' || typeof live !== 'string') return live;
  return findReferences(live).length > 0 ? live : putVars(live, vars, new Set(listVars(raw)));
}

/** Names of the variables that one value refers to and another one does not. */
export function lostVars(before: Json | undefined, after: Json): readonly string[] {
  const kept = new Set(listVars(after));
  return [...new Set(listVars(before ?? null))].filter((name) => !kept.has(name));
}

function listVars(value: Json): readonly string[] {
  if (typeof value === 'string')
    return findReferences(value).flatMap(({ kind, name }) => (kind === 'vars' ? [name] : []));
  const members: readonly Json[] = isStructured(value) ? Object.values(value) : [];
  return members.flatMap(listVars);
}

function shareText(raw: string, live: string, vars: Vars, others: readonly Vars[]): string | undefined {
  const wanted = others.map((other) => fillVariables(raw, other));
  const names = Object.keys(vars);
  const candidates = [...names.map((name) => [name]), names].map((some) => putVars(live, vars, new Set(some)));
  return candidates.find(
    (text) =>
      text !== live &&
      fillVariables(text, vars) === live &&
      others.every((other, at) => isFilled(text, other, wanted[at])),
  );
}

function isFilled(text: string, vars: Vars, wanted: string | undefined): boolean {
  const filled = fillVariables(text, vars);
  return filled !== undefined && filled === wanted;
}

/** Longer values first, as one may hold another. Only whole words: `acme` is not in `acme2.example.com`. */
function putVars(text: string, vars: Vars, names: ReadonlySet<string>): string {
  const chosen = Object.entries(vars)
    .filter(([name, value]) => names.has(name) && value.length >= shortest && findReferences(value).length === 0)
    .toSorted(([, a], [, b]) => b.length - a.length);
  // What was put in is not looked into again.
  let parts: readonly (string | { readonly name: string })[] = [text];
  for (const [name, value] of chosen) {
    parts = parts.flatMap((part) => (typeof part === 'string' ? splitAt(part, value, name) : [part]));
  }
  return parts.map((part) => (typeof part === 'string' ? part : `\${{ vars.${part.name} }}`)).join('');
}

function splitAt(text: string, value: string, name: string): readonly (string | { readonly name: string })[] {
  const parts: (string | { readonly name: string })[] = [];
  let done = 0;
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
    const end = at + value.length;
    if (isWordPart(text.charAt(at - 1)) || isWordPart(text.charAt(end))) continue;
    parts.push(text.slice(done, at), { name });
    done = end;
  }
  return [...parts, text.slice(done)].filter((part) => part !== '');
}

function isWordPart(character: string): boolean {
  return /[\p{L}\p{N}_-]/u.test(character);
}

function isSame(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
