import type { Json } from '../../model/json.ts';
import { standIn } from './stand-in.ts';

/** A place in a script, and what its variables hold. */
export interface PowerShellCursor {
  readonly text: string;
  at: number;
  /** Names of variables that the script gives no value. */
  readonly unknown: Set<string>;
  readonly lookUp: (name: string) => Json | undefined;
}

/** A text in quotes, a here-string or a number, and moves behind it; undefined when none begins here. */
export function readLiteral(cursor: PowerShellCursor): { readonly value: string | number } | undefined {
  const { text, at } = cursor;
  const hereString = /^@(["'])[ \t]*\r?\n([^]*?)\r?\n\1@/.exec(text.startsWith('@', at) ? text.slice(at) : '');
  if (hereString !== null) {
    const [whole, quote, content = ''] = hereString;
    cursor.at += whole.length;
    return { value: quote === '"' ? expand(cursor, content) : content };
  }
  const quote = text.charAt(at);
  if (quote === "'") return readPlain(cursor);
  if (quote === '"') return readExpanding(cursor);
  const [number] = /^-?\d+(?:\.\d+)?(?![\w.-])/.exec(text.slice(at, at + 40)) ?? [];
  if (number === undefined) return undefined;
  cursor.at += number.length;
  // A number that JavaScript would write otherwise stays as it is written.
  return { value: String(Number(number)) === number ? Number(number) : number };
}

/** Blanks and comments, as far as the line goes. */
export function skipBlanks(cursor: PowerShellCursor): void {
  skip(cursor, /(?:[ \t]|<#[^]*?#>|(?<![^\s{(;,])#[^\r\n]*)*/y);
}

/** Blanks, comments, line ends and `;`. */
export function skipLines(cursor: PowerShellCursor): void {
  skip(cursor, /(?:[\s;]|<#[^]*?#>|(?<![^\s{(;,])#[^\r\n]*)*/y);
}

function skip(cursor: PowerShellCursor, blanks: RegExp): void {
  blanks.lastIndex = cursor.at;
  cursor.at += blanks.exec(cursor.text)?.[0].length ?? 0;
}

function readPlain(cursor: PowerShellCursor): { readonly value: string } {
  const match = /'((?:[^']|'')*)'?/y;
  match.lastIndex = cursor.at;
  const [whole = "'", content = ''] = match.exec(cursor.text) ?? [];
  cursor.at += whole.length;
  return { value: content.replaceAll("''", "'") };
}

function readExpanding(cursor: PowerShellCursor): { readonly value: string } {
  const match = /"((?:[^"`]|`[^]|"")*)"?/y;
  match.lastIndex = cursor.at;
  const [whole = '"', content = ''] = match.exec(cursor.text) ?? [];
  cursor.at += whole.length;
  return { value: expand(cursor, content.replaceAll('""', '"')) };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };
const inside = /`([^])|\$\(\s*\$(?:env:)?(\w+)[^)]*\)|\$\{([^}]*)\}|\$(?:env:)?(\w+)/gi;

/** Variables of a text with their values, or with placeholders. `${gmtDate:yyyy}` is the platform's and stays. */
function expand(cursor: PowerShellCursor, content: string): string {
  return content.replaceAll(inside, (found: string, escaped: string | undefined, ...names: readonly unknown[]) => {
    if (escaped !== undefined) return escapes[escaped] ?? escaped;
    const name = names.slice(0, 3).find((one): one is string => typeof one === 'string') ?? '';
    const plain = name.replace(/^env:/i, '');
    if (!/^\w+$/.test(plain)) return found;
    const value = cursor.lookUp(plain);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    cursor.unknown.add(plain);
    return standIn(plain);
  });
}
