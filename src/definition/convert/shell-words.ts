/** One word of a command line after the shell has taken the quotes away. */
export interface ShellWord {
  readonly text: string;
  /** For each UTF-16 code unit of the text, where it stood in the source. */
  readonly offsets: readonly number[];
  /** Where the word begins in the source, its opening quote included. */
  readonly start: number;
  /** True when the shell would have put something else in: `$NAME`, `${..}`, `$(..)` or back-quotes. It is kept as written. */
  readonly expands: boolean;
}

interface ShellWords {
  readonly words: readonly ShellWord[];
  /** Offset of a quote that never closes. */
  readonly unclosed?: number;
}

type Dialect = 'posix' | 'windows';

interface Scan {
  /** Characters to read; on Windows without the carets. */
  readonly text: string;
  readonly origin: readonly number[] | undefined;
  readonly dialect: Dialect;
  readonly words: ShellWord[];
  at: number;
  word?: { text: string; offsets: number[]; start: number; expands: boolean };
  unclosed?: number;
}

const expansion = /\$(?:[A-Za-z_{(])|`/y;
const ansiEscape = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|([^]))/y;
const ansiLetters: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * Splits a command line into words as a POSIX shell does, or as `cmd.exe` does when lines end in `^`.
 * Nothing is expanded or run. Line breaks count as blanks, as commands lose their backslashes when they are copied.
 * Stops at `;`, `|`, or a lone `&`, `<` or `>`.
 */
export function readShellWords(source: string): ShellWords {
  const windows = /\^[ \t]*\r?\n/.test(source);
  const scan: Scan = windows
    ? { ...withoutCarets(source), dialect: 'windows', words: [], at: 0 }
    : { text: source, origin: undefined, dialect: 'posix', words: [], at: 0 };
  while (scan.at < scan.text.length && readNext(scan));
  endWord(scan);
  return { words: scan.words, ...(scan.unclosed === undefined ? {} : { unclosed: scan.unclosed }) };
}

/** Reads one quoted part, one escape or one character. False where the command ends. */
function readNext(scan: Scan): boolean {
  const { text, at } = scan;
  const character = text.charAt(at);
  if (/\s/.test(character)) endWord(scan);
  else if (character === '"') return readDoubleQuoted(scan);
  else if (scan.dialect === 'windows') keep(scan, character);
  else if (character === "'") return readSingleQuoted(scan);
  else if (text.startsWith("$'", at)) return readAnsiQuoted(scan);
  else if (character === '\\') return readEscape(scan);
  else if (character === '#' && !scan.word) scan.at = lineEnd(text, at) - 1;
  else if (endsCommand(scan, character)) return false;
  else keepUnquoted(scan, character);
  scan.at += 1;
  return true;
}

function endsCommand(scan: Scan, character: string): boolean {
  return ';|'.includes(character) || (!scan.word && '&<>'.includes(character));
}

function readSingleQuoted(scan: Scan): boolean {
  beginWord(scan);
  const end = scan.text.indexOf("'", scan.at + 1);
  if (end < 0) return leaveOpen(scan);
  for (scan.at += 1; scan.at < end; scan.at += 1) keep(scan, scan.text.charAt(scan.at));
  scan.at += 1;
  return true;
}

function readDoubleQuoted(scan: Scan): boolean {
  const { text } = scan;
  const open = scan.at;
  // Windows knows only the quote and the backslash before it as escapes.
  const escapable = scan.dialect === 'windows' ? '"\\' : '"\\$`\n';
  beginWord(scan);
  for (scan.at += 1; scan.at < text.length; scan.at += 1) {
    const character = text.charAt(scan.at);
    if (character === '"') {
      scan.at += 1;
      return true;
    }
    const next = text.charAt(scan.at + 1);
    if (character === '\\' && next !== '' && escapable.includes(next)) {
      scan.at += 1;
      if (next !== '\n') keep(scan, next);
    } else keepUnquoted(scan, character);
  }
  return leaveOpen(scan, open);
}

function readAnsiQuoted(scan: Scan): boolean {
  const open = scan.at;
  beginWord(scan);
  scan.at += 2;
  while (scan.at < scan.text.length) {
    if (scan.text[scan.at] === "'") {
      scan.at += 1;
      return true;
    }
    ansiEscape.lastIndex = scan.at;
    const match = ansiEscape.exec(scan.text);
    keep(scan, match ? decodeAnsi(match) : scan.text.charAt(scan.at));
    scan.at += match ? match[0].length : 1;
  }
  return leaveOpen(scan, open);
}

function decodeAnsi([, byte, short, long, octal, letter = '']: RegExpExecArray): string {
  const hexadecimal = byte ?? short ?? long;
  const code = hexadecimal === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hexadecimal, 16);
  if (Number.isNaN(code)) return ansiLetters[letter] ?? `\\${letter}`;
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
}

function readEscape(scan: Scan): boolean {
  const end = /\\\r?\n/y;
  end.lastIndex = scan.at;
  if (end.test(scan.text)) scan.at = end.lastIndex;
  else {
    const next = scan.text.charAt(scan.at + 1);
    scan.at += next === '' ? 0 : 1;
    keep(scan, next === '' ? '\\' : next);
    scan.at += 1;
  }
  return true;
}

function keepUnquoted(scan: Scan, character: string): void {
  const { dialect, text, at } = scan;
  expansion.lastIndex = at;
  keep(scan, character);
  if (scan.word && dialect === 'posix' && expansion.test(text)) scan.word.expands = true;
}

function keep(scan: Scan, characters: string): void {
  const word = beginWord(scan);
  word.text += characters;
  for (let index = 0; index < characters.length; index += 1) word.offsets.push(sourceOffset(scan, scan.at));
}

function beginWord(scan: Scan): NonNullable<Scan['word']> {
  scan.word ??= { text: '', offsets: [], start: sourceOffset(scan, scan.at), expands: false };
  return scan.word;
}

function endWord(scan: Scan): void {
  if (scan.word) scan.words.push(scan.word);
  delete scan.word;
}

function leaveOpen(scan: Scan, open = scan.at): boolean {
  scan.unclosed = sourceOffset(scan, open);
  return false;
}

function sourceOffset(scan: Scan, at: number): number {
  return scan.origin ? (scan.origin[at] ?? at) : at;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** What `cmd.exe` hands on: a caret outside quotes takes the next character as it is, and takes a line end away. */
function withoutCarets(source: string): { readonly text: string; readonly origin: readonly number[] } {
  const origin: number[] = [];
  let text = '';
  let isQuoted = false;
  for (let at = 0; at < source.length; at += 1) {
    const isCaret = source[at] === '^' && !isQuoted;
    const lineBreak = isCaret ? /^[ \t]*\r?\n/.exec(source.slice(at + 1, at + 80)) : null;
    if (lineBreak) at += lineBreak[0].length;
    else {
      if (isCaret) at += 1;
      else if (source[at] === '"') isQuoted = !isQuoted;
      text += source.charAt(at);
      origin.push(at);
    }
  }
  return { text, origin };
}
