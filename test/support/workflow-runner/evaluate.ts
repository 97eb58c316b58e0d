import { githubParser } from './github-parser.ts';

const { data, Evaluator, Lexer, Parser } = githubParser;

/** A part of a workflow as its parser writes it out: literals, lists, maps, and expressions not evaluated yet. */
export type Token =
  | null
  | string
  | number
  | boolean
  | { readonly type: 1; readonly seq: readonly Token[] }
  | { readonly type: 2; readonly map: readonly { readonly Key: string; readonly Value: Token }[] }
  | { readonly type: 3; readonly expr: string };

export type Value = null | string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

/** What an expression may name. */
export interface Scope {
  readonly contexts: Readonly<Record<string, Value>>;
  readonly functions: Readonly<Record<string, (...words: readonly string[]) => boolean | string>>;
}

/** Evaluates an expression, without `${{` and `}}`, as GitHub does. Throws for names that it does not know. */
export function evaluateExpression(expression: string, { contexts, functions }: Scope): Value {
  const definitions = Object.entries(functions).map(([name, call]) => ({
    name,
    minArgs: 0,
    maxArgs: 255,
    call: (...words: readonly { coerceString(): string }[]) => {
      const answer = call(...words.map((word) => word.coerceString()));
      return typeof answer === 'string' ? new data.StringData(answer) : new data.BooleanData(answer);
    },
  }));
  const parsed = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), definitions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver);
  const byName = new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition]));
  return JSON.parse(JSON.stringify(new Evaluator(parsed, known, byName).evaluate(), data.replacer));
}

/** Evaluates every expression in a part of a workflow. */
export function evaluateToken(token: Token, scope: Scope): Value {
  if (token === null || typeof token !== 'object') return token;
  if (token.type === 1) return token.seq.map((one) => evaluateToken(one, scope));
  if (token.type === 3) return evaluateExpression(token.expr, scope);
  return Object.fromEntries(token.map.map(({ Key, Value: inner }) => [Key, evaluateToken(inner, scope)]));
}

/** A map whose values are texts, as `with` and `env` are; empty when there is none. */
export function evaluateTexts(token: Token | undefined, scope: Scope): Readonly<Record<string, string>> {
  const value = token === undefined ? {} : evaluateToken(token, scope);
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, one]) => [name, toText(one)]));
}

export function toText(value: Value): string {
  if (value !== null && typeof value === 'object') throw new Error('a list or a map is no text');
  return value === null ? '' : String(value);
}
