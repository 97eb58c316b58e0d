import { isJsonObject, type Json, type JsonObject, toJsonObject } from '../../model/json.ts';
import { type PowerShellCursor, readLiteral, skipBlanks, skipLines } from './powershell-text.ts';
import { readJson } from './read-json.ts';
import { quoteStandIns, standIn } from './stand-in.ts';

/** A request that a script sends. */
export interface PowerShellRequest {
  /** Offset of the command. */
  readonly start: number;
  readonly method: string | undefined;
  readonly url: string;
  /** What is sent: data, or the text of it. */
  readonly body: Json | undefined;
}

interface Script extends PowerShellCursor {
  readonly variables: Map<string, Json>;
  readonly requests: PowerShellRequest[];
  depth: number;
}

/** Any value that cannot be told without running the script: a placeholder, so that nothing is left out in silence. */
const unknown = '<UNKNOWN_VALUE>';
const requestCommands = /^(?:invoke-restmethod|invoke-webrequest|irm|iwr)$/i;
const maximumDepth = 60;

/** Whether the text is a PowerShell script that sends a request. */
export function isPowerShell(text: string): boolean {
  return /(?:^|[\s=(|;])(?:Invoke-RestMethod|Invoke-WebRequest|irm|iwr)(?=\s)/im.test(text);
}

/**
 * The requests of a script: variables, here-strings, hash tables, splatting and `ConvertTo-Json` are read as they stand.
 * Nothing is run. A variable without a value of its own leaves a placeholder.
 */
export function readPowerShell(text: string): readonly PowerShellRequest[] {
  const script: Script = {
    text: text.replaceAll(/`[ \t]*\r?\n/g, (found) => ' '.repeat(found.length)),
    at: 0,
    unknown: new Set(),
    lookUp: (name) => script.variables.get(name.toLowerCase()),
    variables: new Map(),
    requests: [],
    depth: 0,
  };
  while (script.at < script.text.length) {
    const before = script.at;
    skipLines(script);
    readStatement(script);
    // What is not understood is passed over, a line at a time.
    if (script.at === before) script.at = lineEnd(script) + 1;
  }
  return script.requests;
}

/** The body of a request as an object; undefined when it is none. */
export function bodyOf({
  body,
}: PowerShellRequest): { readonly value: JsonObject } | { readonly fault: string } | undefined {
  if (isJsonObject(body)) return { value: body };
  if (typeof body !== 'string') return undefined;
  const reading = readJson(quoteStandIns(body));
  if (!reading.ok) return { fault: reading.message };
  return isJsonObject(reading.value) ? { value: reading.value } : undefined;
}

function readStatement(script: Script): void {
  const target =
    /^(?:\[[\w.[\]]+\]\s*)?\$(?:script:|global:)?(\w+)((?:\.\w+|\.'[^']*'|\["[^"]*"\]|\['[^']*'\])*)[ \t]*(\+?=)[ \t]*/.exec(
      script.text.slice(script.at, script.at + 400),
    );
  if (target === null) {
    readPipeline(script);
    return;
  }
  const [whole, name = '', path = '', operator] = target;
  script.at += whole.length;
  const value = readPipeline(script);
  const keys = [...path.matchAll(/\.(\w+)|['"]([^'"]*)['"]/g)].map(([, plain, quoted]) => plain ?? quoted ?? '');
  const held = script.variables.get(name.toLowerCase());
  const added = operator === '+=' && typeof held === 'string' && typeof value === 'string' ? held + value : value;
  script.variables.set(name.toLowerCase(), keys.length === 0 ? added : place(held, keys, value));
}

/** The value with another one put in its depth. */
function place(held: Json | undefined, [key = '', ...rest]: readonly string[], value: Json): Json {
  const members = isJsonObject(held) ? Object.entries(held) : [];
  const old = members.find(([name]) => name === key)?.[1];
  const member = rest.length === 0 ? value : place(old, rest, value);
  return toJsonObject([...members.filter(([name]) => name !== key), [key, member]]);
}

function readPipeline(script: Script): Json {
  let value = readElement(script, undefined);
  for (;;) {
    skipBlanks(script);
    // A pipe may stand at the end of a line, or at the beginning of the next one.
    const next = /^\s*\|\s*/.exec(script.text.slice(script.at, script.at + 200));
    if (next === null) return value;
    script.at += next[0].length;
    value = readElement(script, value);
  }
}

function readElement(script: Script, piped: Json | undefined): Json {
  skipBlanks(script);
  const [word] = /^[A-Za-z][\w-]*(?=[\s)]|$)/.exec(script.text.slice(script.at, script.at + 80)) ?? [];
  if (word === undefined) return readExpression(script);
  const start = script.at;
  script.at += word.length;
  const given = readArguments(script);
  if (requestCommands.test(word)) {
    const body = given.get('body') ?? piped;
    const method = given.get('method');
    const url = given.get('uri') ?? given.get('');
    script.requests.push({
      start,
      method: typeof method === 'string' ? method.toUpperCase() : undefined,
      url: typeof url === 'string' ? url : '',
      body,
    });
    return unknown;
  }
  if (/^ConvertTo-Json$/i.test(word)) return piped ?? given.get('inputobject') ?? given.get('') ?? unknown;
  if (/^ConvertFrom-Json$/i.test(word) && typeof piped === 'string') {
    const reading = readJson(quoteStandIns(piped));
    return reading.ok ? reading.value : unknown;
  }
  return unknown;
}

const parameters = ['uri', 'method', 'body', 'headers', 'contenttype', 'inputobject', 'depth', 'outfile', 'infile'];

/** What a command is called with, by the whole name of the parameter in small letters; '' is the first value without one. */
function readArguments(script: Script): ReadonlyMap<string, Json> {
  const given = new Map<string, Json>();
  for (;;) {
    skipBlanks(script);
    const rest = script.text.slice(script.at, script.at + 200);
    if (rest === '' || /^[\r\n|;)}]/.test(rest)) return given;
    const [name] = /^-[A-Za-z]+:?/.exec(rest) ?? [];
    const [splat, variable = ''] = /^@(\w+)/.exec(rest) ?? [];
    if (splat !== undefined) {
      script.at += splat.length;
      const members = script.variables.get(variable.toLowerCase());
      for (const [key, value] of isJsonObject(members) ? Object.entries(members) : [])
        given.set(nameParameter(key), value);
    } else if (name === undefined) {
      const value = readArgument(script);
      if (!given.has('')) given.set('', value);
    } else {
      script.at += name.length;
      skipBlanks(script);
      const isSwitch = /^(?:-[A-Za-z]|@\w|[\r\n|;)}]|$)/.test(script.text.slice(script.at, script.at + 2));
      given.set(nameParameter(name.replaceAll(/[-:]/g, '')), isSwitch ? true : readArgument(script));
    }
  }
}

function nameParameter(text: string): string {
  const lower = text.toLowerCase();
  return parameters.find((name) => name.startsWith(lower)) ?? lower;
}

function readArgument(script: Script): Json {
  if (/^["'$@([]/.test(script.text.charAt(script.at))) return readOperand(script);
  const [word = ''] = /^[^\s|;)},]+/.exec(script.text.slice(script.at, script.at + 2000)) ?? [];
  script.at += Math.max(1, word.length);
  return word.replaceAll(/\$\{?(?:env:)?(\w+)\}?/g, (_, name: string) => {
    const value = script.lookUp(name);
    return typeof value === 'string' ? value : standIn(name);
  });
}

/** Values with `,` between them are a list; texts with `+` between them are one text. */
function readExpression(script: Script): Json {
  let value = readOperand(script);
  const items: Json[] = [value];
  for (;;) {
    skipBlanks(script);
    const operator = script.text.charAt(script.at);
    if (operator !== '+' && operator !== ',') return items.length === 1 ? value : items;
    script.at += 1;
    skipLines(script);
    const next = readOperand(script);
    if (operator === ',') items.push(next);
    else {
      value = typeof value === 'string' && typeof next === 'string' ? value + next : unknown;
      items[items.length - 1] = value;
    }
  }
}

function readOperand(script: Script): Json {
  if (script.depth > maximumDepth) {
    script.at = script.text.length;
    return unknown;
  }
  script.depth += 1;
  const value = readPrimary(script);
  script.depth -= 1;
  return readMembers(script, value);
}

function readPrimary(script: Script): Json {
  skipBlanks(script);
  const rest = script.text.slice(script.at, script.at + 120);
  const cast = /^\[[\w.]+(?:\[\])?\]\s*/.exec(rest);
  if (cast !== null) {
    script.at += cast[0].length;
    return script.text.startsWith('::', script.at) ? unknown : readPrimary(script);
  }
  const literal = readLiteral(script);
  if (literal !== undefined) return literal.value;
  if (rest.startsWith('@{')) return readHashTable(script);
  if (rest.startsWith('@(')) return readList(script);
  if (rest.startsWith('$(') || rest.startsWith('(')) {
    script.at += rest.startsWith('$') ? 2 : 1;
    skipLines(script);
    const value = readPipeline(script);
    skipLines(script);
    if (script.text.charAt(script.at) === ')') script.at += 1;
    return value;
  }
  const variable = /^\$(?:\{([^}]*)\}|((?:env:|script:|global:)?\w+))/i.exec(rest);
  if (variable === null) return unknown;
  script.at += variable[0].length;
  return valueOf(script, variable[1] ?? variable[2] ?? '');
}

function valueOf(script: Script, name: string): Json {
  const plain = name.replace(/^(?:env|script|global):/i, '');
  const constants: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
  const lower = plain.toLowerCase();
  if (Object.hasOwn(constants, lower)) return constants[lower] ?? null;
  const value = script.variables.get(lower);
  if (value !== undefined && value !== unknown) return value;
  script.unknown.add(plain);
  return standIn(plain);
}

/** `.name`, `["name"]` behind a value; a method that is called gives nothing that is known. */
function readMembers(script: Script, start: Json): Json {
  let value = start;
  for (;;) {
    const rest = script.text.slice(script.at, script.at + 200);
    const member = /^(?:\.(\w+)(?!\w*\()|\[['"]([^'"]*)['"]\])/.exec(rest);
    if (member !== null) {
      script.at += member[0].length;
      const name = member[1] ?? member[2] ?? '';
      value = isJsonObject(value) ? (value[name] ?? unknown) : standIn(name);
      continue;
    }
    const call = /^(?:\.|::)\w+\(/.exec(rest);
    if (call === null) return value;
    script.at += call[0].length;
    skipBalanced(script);
    value = unknown;
  }
}

function skipBalanced(script: Script): void {
  for (let open = 1; open > 0 && script.at < script.text.length;) {
    const character = script.text.charAt(script.at);
    if (readLiteral(script) !== undefined) continue;
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    script.at += 1;
  }
}

function readHashTable(script: Script): Json {
  script.at += 2;
  const members: (readonly [string, Json])[] = [];
  for (;;) {
    skipLines(script);
    if (script.at >= script.text.length) break;
    if (script.text.charAt(script.at) === '}') {
      script.at += 1;
      break;
    }
    const before = script.at;
    const key = readKey(script);
    skipBlanks(script);
    if (script.text.charAt(script.at) === '=') script.at += 1;
    skipLines(script);
    if (key !== '') members.push([key, readPipeline(script)]);
    if (script.at === before) script.at += 1;
  }
  return toJsonObject(members);
}

function readKey(script: Script): string {
  const literal = readLiteral(script);
  if (literal !== undefined) return String(literal.value);
  const [word = ''] = /^[\w-]+/.exec(script.text.slice(script.at, script.at + 200)) ?? [];
  script.at += word.length;
  return word;
}

function readList(script: Script): Json {
  script.at += 2;
  const items: Json[] = [];
  for (;;) {
    skipLines(script);
    const character = script.text.charAt(script.at);
    if (character === ')' || character === '') {
      script.at += 1;
      return items;
    }
    const before = script.at;
    if (character === ',') script.at += 1;
    else items.push(readOperand(script));
    if (script.at === before) script.at += 1;
  }
}

function lineEnd({ text, at }: Script): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
