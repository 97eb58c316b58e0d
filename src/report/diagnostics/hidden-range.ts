import { isSwitch } from '../../model/secret-entry.ts';
import { isSecretKey } from '../../model/secret-key.ts';

/** A part of a line: start and end (exclusive), in UTF-16 code units from 0. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

// Wider than what validation warns about: hiding too much costs nothing here. Under `username` many connectors keep an API key.
const hiddenKey =
  /(?:pass|password|passwd|passphrase|pwd|secret|token|credential|code|key|jks|pfx|pem|headers|authorization|verifier|signature|providerData|user[._-]?name)s?$|password|secret/i;
const openKey = /(?:url|time|interval|field|format)$/i;
// Begins where no word is under way, so that a long line is read once.
const keyBefore = /(?<![\w.-])["']?([\w.-]+)["']?\s*:(?=\s|["'[{]|$)\s*/g;
const userInfo = /:\/\/[^/\s@]+@/;
/** How far up the key of a value is looked for. */
const reach = 400;
const longLine = 4000;

/**
 * The part of a source line that may hold a secret and must not be shown: the value of a secret-looking key, also when the key
 * stands on a line above, and credentials in a URL. Hides too much rather than too little.
 * @param index of the line, from 0
 */
export function hiddenRange(lines: readonly string[], index: number): Range | undefined {
  const line = lines[index] ?? '';
  const end = line.trimEnd().length;
  // The rest of a secret that began on a line above may be followed by a key of its own.
  const below = isBelowSecret(lines, index) ? valueStart(line) : undefined;
  const own = secretStart(line);
  const start = below === undefined || own === undefined ? (below ?? own) : Math.min(below, own);
  if (start !== undefined && start < end) return { start, end };
  const found = userInfo.exec(line);
  return found ? { start: found.index + '://'.length, end: found.index + found[0].length - 1 } : undefined;
}

/** Where the first literal value of a secret-looking key begins. */
function secretStart(line: string): number | undefined {
  for (const { 0: found, 1: key = '', index } of line.matchAll(keyBefore)) {
    const start = index + found.length;
    // In a very long line every secret-looking key counts, so that its rest is not read again for each of them.
    if (isHiddenKey(key) && (line.length > longLine || !isHarmless(line.slice(start)))) return start;
  }
  return undefined;
}

/** Where something literal begins on a line that is, as a whole, part of a secret. */
function valueStart(line: string): number | undefined {
  const indent = line.search(/\S/);
  const key = /^\s*(?:- +)?["']?[A-Za-z_][\w.-]*["']?\s*:\s+/.exec(line);
  const start = key ? key[0].length : indent;
  return start === -1 || isHarmless(line.slice(start)) ? undefined : start;
}

/** Whether a key above, of which this line is a part, looks secret. When no key is found within reach, it does. */
export function isBelowSecret(lines: readonly string[], index: number): boolean {
  let indent = indentOf(lines[index] ?? '');
  let isContinuation = lastKey(lines[index] ?? '') === undefined;
  for (let above = index - 1; above >= 0; above -= 1) {
    if (index - above > reach) return isContinuation;
    const line = lines[above] ?? '';
    if (!isContinuation && indentOf(line) >= indent) continue;
    const key = line.trimStart().startsWith('#') ? undefined : lastKey(line);
    if (key === undefined) continue;
    if (isHiddenKey(key)) return true;
    isContinuation = false;
    indent = Math.min(indent, indentOf(line));
    if (indent === 0) return false;
  }
  return false;
}

/** Whether a value says nothing secret: references alone, a switch, a mask, a placeholder, or what only begins a value. */
export function isHarmless(text: string): boolean {
  const rest = text.replace(/\$\{\{[^{}]*\}\}|\$\{ *(?:secrets|vars)\.\w+ *\}/g, '').replace(/(?:^|\s)#.*$/, '');
  const bare = /^\s*\{/.test(rest) ? rest.replace(/["']?\b[\w.-]+["']?\s*:(?=[\s,}"'])/g, '') : rest;
  return (
    /^[\s{}[\],"']*$/.test(bare) ||
    isSwitch(bare) ||
    /^[|>][+-]?\d?[+-]?$/.test(bare.trim()) ||
    /^["']?(?:\*+|<\/?[A-Z][A-Z_ -]*>)["']?$/.test(bare.trim())
  );
}

function lastKey(line: string): string | undefined {
  return [...line.matchAll(keyBefore)].at(-1)?.[1];
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

export function isHiddenKey(key: string): boolean {
  // The key of a definition is its name.
  return key !== 'key' && (isSecretKey(key) || (hiddenKey.test(key) && !openKey.test(key)));
}
