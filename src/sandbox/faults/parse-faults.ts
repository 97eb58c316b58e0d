import { didYouMean, nearestName } from '../../model/nearest-name.ts';
import type { Route } from '../exchange.ts';
import {
  faultKinds,
  type FaultOption,
  findValueProblem,
  isFault,
  isFaultKind,
  type OptionValue,
} from './fault-kinds.ts';
import { type Fault, type FaultKind, type FaultMethod, faultMethods, type FaultTarget } from './fault.ts';
import { canMeet, suits } from './rule.ts';

interface ParsedFaults {
  readonly faults: readonly Fault[];
  /** All mistakes, each a sentence. With any of them `faults` is not whole. */
  readonly problems: readonly string[];
}

/** A kind and the words that follow it. */
interface Clause {
  readonly kind: string;
  readonly words: readonly string[];
}

/** What a clause says so far. */
interface Reading {
  readonly values: Record<string, unknown>;
  readonly problems: string[];
}

/**
 * Reads `KIND [NAME=VALUE]...`, any number of them in each text; a value with spaces stands in double quotes.
 * @param routes of the sandbox: a path that none of them serves is a mistake
 */
export function parseFaults(specs: readonly string[], routes: readonly Route[]): ParsedFaults {
  const clauses: { kind: string; words: string[] }[] = [];
  const problems: string[] = [];
  for (const word of specs.flatMap(toWords)) {
    const last = clauses.at(-1);
    if (!word.includes('=')) clauses.push({ kind: word, words: [] });
    else if (last === undefined) problems.push(`\`${word}\` stands before any kind of fault.`);
    else last.words.push(word);
  }
  if (clauses.length === 0 && problems.length === 0) problems.push('No kind of fault is named.');

  const readings = clauses.map((clause) => readClause(clause, routes));
  return {
    faults: readings.map(({ values }): unknown => values).filter((values) => isFault(values)),
    problems: [...problems, ...readings.flatMap((reading) => reading.problems)],
  };
}

function readClause(clause: Clause, routes: readonly Route[]): Reading {
  const reading: Reading = { values: { kind: clause.kind }, problems: [] };
  const kind = isFaultKind(clause.kind) ? clause.kind : nearestName(clause.kind, Object.keys(faultKinds));
  if (kind !== clause.kind) {
    const hint = didYouMean(clause.kind, Object.keys(faultKinds));
    reading.problems.push(sentence(`There is no kind of fault \`${clause.kind}\`.`, hint));
  }
  // With no kind to go by there is nothing to check the options against.
  if (kind === undefined || !isFaultKind(kind)) return reading;

  const { options } = faultKinds[kind];
  for (const word of clause.words) readWord(word, { kind, options, routes, reading });
  for (const { key, name, required } of options) {
    const isThere = clause.words.some((word) => word.startsWith(`${name}=`));
    if (required && !isThere && !(key in reading.values)) reading.problems.push(`\`${kind}\` needs ${name}=VALUE.`);
  }
  return reading;
}

interface WordContext {
  readonly kind: FaultKind;
  readonly options: readonly FaultOption[];
  readonly routes: readonly Route[];
  readonly reading: Reading;
}

function readWord(word: string, { kind, options, routes, reading: { values, problems } }: WordContext): void {
  const [name, text] = cut(word);
  const option = options.find((one) => one.name === name);
  const key = name === 'on' ? 'on' : option?.key;
  if (key === undefined) {
    const names = [...options.map((one) => one.name), 'on'];
    problems.push(
      sentence(`\`${kind}\` has no option \`${name}\`.`, didYouMean(name, names), `It takes ${names.join(', ')}.`),
    );
    return;
  }
  if (key in values) {
    problems.push(`\`${kind}\` has ${name} twice.`);
    return;
  }
  if (option === undefined) {
    const { target, problems: found } = parseTarget(text, routes);
    values['on'] = target;
    const all = found.length > 0 ? found : findUnsuited(kind, target, routes);
    problems.push(...all.map((problem) => `\`${kind} ${word}\`: ${problem}`));
    return;
  }
  values[key] = toValue(text, option.value);
  const problem = findValueProblem(values[key], option.value);
  if (problem === undefined) return;
  const hint = option.value.type === 'choice' ? didYouMean(text, option.value.choices) : undefined;
  problems.push(sentence(`\`${kind} ${word}\`: ${name} ${problem}.`, hint));
}

/** A fault that cannot strike would look like a tool that stands it. */
function findUnsuited(kind: FaultKind, { methods, path }: FaultTarget, routes: readonly Route[]): readonly string[] {
  const isStruck = routes.some(
    (route) =>
      suits(kind, route) &&
      (methods === undefined || methods.includes(route.method)) &&
      (path === undefined || canMeet(path, route.path)),
  );
  return isStruck ? [] : [`it can never strike: it concerns ${kind === 'slow-commit' ? 'writes' : 'lists'} only.`];
}

function toValue(text: string, { type }: OptionValue): unknown {
  if (type === 'number') return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'flag') return { yes: true, no: false }[text] ?? text;
  return text;
}

/** Words between spaces; quotes keep spaces and fall away. */
function toWords(spec: string): readonly string[] {
  return [...spec.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) => word.replaceAll('"', ''));
}

function cut(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function sentence(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

interface TargetRoute {
  readonly method: string;
  readonly path: string;
}

interface ParsedTarget {
  readonly target: FaultTarget;
  /** Each a sentence. */
  readonly problems: readonly string[];
}

/** Reads `[METHOD[,METHOD]:][PATH][?[!]NAME]`. A target that no request of these routes can meet is a mistake. */
function parseTarget(text: string, routes: readonly TargetRoute[]): ParsedTarget {
  const {
    methods: methodText = '',
    path,
    query,
  } = /^(?<methods>[^/?:]*):?(?<path>\/[^?]*)?(?:\?(?<query>.*))?$/.exec(text)?.groups ?? {};
  if (methodText === '' && path === undefined && query === undefined) {
    return { target: {}, problems: ['it names neither a method nor a path, as in `on=POST:/instances`.'] };
  }
  const words = methodText === '' ? [] : methodText.split(',');
  const methods = words.filter((word) => isMethod(word));
  const problems = words.filter((word) => !isMethod(word)).map(tellMethod);
  if (query === '' || query === '!') problems.push('after `?` the name of a query parameter is missing.');
  const target: FaultTarget = {
    ...(words.length === 0 ? {} : { methods }),
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
  };
  return { target, problems: problems.length > 0 ? problems : findUnserved(target, routes) };
}

function findUnserved({ methods, path }: FaultTarget, routes: readonly TargetRoute[]): readonly string[] {
  if (path === undefined) return [];
  const served = routes.filter((route) => canMeet(path, route.path));
  if (served.length === 0) {
    const paths = [...new Set(routes.map((route) => route.path))];
    return [join(`the sandbox serves no path \`${path}\`.`, didYouMean(path, paths))];
  }
  if (methods === undefined || served.some(({ method }) => methods.some((wanted) => wanted === method))) return [];
  const known = [...new Set(served.map(({ method }) => method))];
  return [`the sandbox serves \`${path}\` with ${known.join(', ')} only.`];
}

function isMethod(word: string): word is FaultMethod {
  return faultMethods.some((method) => method === word);
}

function tellMethod(word: string): string {
  const upper = word.toUpperCase();
  const hint = isMethod(upper) ? `Did you mean \`${upper}\`?` : toHint(nearestName(upper, faultMethods));
  return join(`there is no method \`${word}\`.`, hint);
}

function toHint(method: string | undefined): string {
  return method === undefined ? `It must be one of ${faultMethods.join(', ')}.` : `Did you mean \`${method}\`?`;
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
