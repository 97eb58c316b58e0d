import { didYouMean, nearestName } from '../../model/nearest-name.ts';
import type { Route } from '../route.ts';
import { faultKinds, findValueProblem, isFaultKind, isFaultRule } from './fault-kinds.ts';
import type { FaultOption, OptionValue } from './fault-option.ts';
import { type FaultKind, type FaultMethod, faultMethods, type FaultRule, type FaultTarget } from './fault-rule.ts';
import { appliesTo, describeScope, pathsOverlap } from './match-fault.ts';

interface ParsedFaults {
  readonly faults: readonly FaultRule[];
  /** All mistakes, each a sentence. With any of them `faults` is not whole. */
  readonly problems: readonly string[];
}

/** A kind and the words that follow it. */
interface Clause {
  readonly kind: string;
  readonly words: readonly string[];
}

/** The rule of a clause as far as it was read. */
interface ParsedClause {
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
  for (const word of specs.flatMap(splitWords)) {
    const last = clauses.at(-1);
    if (!word.includes('=')) clauses.push({ kind: word, words: [] });
    else if (last === undefined) problems.push(`\`${word}\` stands before any kind of fault.`);
    else last.words.push(word);
  }
  if (clauses.length === 0 && problems.length === 0) problems.push('No kind of fault is named.');

  const parsed = clauses.map((clause) => parseClause(clause, routes));
  return {
    faults: parsed.map(({ values }): unknown => values).filter((values) => isFaultRule(values)),
    problems: [...problems, ...parsed.flatMap((clause) => clause.problems)],
  };
}

function parseClause(clause: Clause, routes: readonly Route[]): ParsedClause {
  const parsed: ParsedClause = { values: { kind: clause.kind }, problems: [] };
  const { values, problems } = parsed;
  const kind = isFaultKind(clause.kind) ? clause.kind : nearestName(clause.kind, Object.keys(faultKinds));
  if (kind !== clause.kind) {
    const hint = didYouMean(clause.kind, Object.keys(faultKinds));
    problems.push(sentence(`There is no kind of fault \`${clause.kind}\`.`, hint));
  }
  // With no kind to go by there is nothing to check the options against.
  if (kind === undefined || !isFaultKind(kind)) return parsed;

  const { options } = faultKinds[kind];
  for (const word of clause.words) parseWord(word, { kind, options, routes, parsed });
  for (const { key, name, required } of options) {
    const isThere = clause.words.some((word) => word.startsWith(`${name}=`));
    if (required && !isThere && !(key in values)) problems.push(`\`${kind}\` needs ${name}=VALUE.`);
  }
  return parsed;
}

interface WordContext {
  readonly kind: FaultKind;
  readonly options: readonly FaultOption[];
  readonly routes: readonly Route[];
  readonly parsed: ParsedClause;
}

function parseWord(word: string, { kind, options, routes, parsed: { values, problems } }: WordContext): void {
  const [name, text] = splitAtEquals(word);
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
    const all = found.length > 0 ? found : findUnmatchable(kind, target, routes);
    problems.push(...all.map((problem) => `\`${kind} ${word}\`: ${problem}`));
    return;
  }
  values[key] = parseValue(text, option.value);
  const problem = findValueProblem(values[key], option.value);
  if (problem === undefined) return;
  const hint = option.value.type === 'choice' ? didYouMean(text, option.value.choices) : undefined;
  problems.push(sentence(`\`${kind} ${word}\`: ${name} ${problem}.`, hint));
}

/** A fault that is never injected would look like a tool that copes with it. */
function findUnmatchable(kind: FaultKind, { methods, path }: FaultTarget, routes: readonly Route[]): readonly string[] {
  const isMatched = routes.some(
    (route) =>
      appliesTo(kind, route) &&
      (methods === undefined || methods.includes(route.method)) &&
      (path === undefined || pathsOverlap(path, route.path)),
  );
  return isMatched ? [] : [`it never matches: it applies only to ${describeScope(kind) ?? 'other requests'}.`];
}

function parseValue(text: string, { type }: OptionValue): unknown {
  if (type === 'number') return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'flag') return { yes: true, no: false }[text] ?? text;
  return text;
}

/** Words between spaces; quotes keep spaces and fall away. */
function splitWords(spec: string): readonly string[] {
  return [...spec.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) => word.replaceAll('"', ''));
}

function splitAtEquals(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}

function sentence(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}

interface ParsedTarget {
  readonly target: FaultTarget;
  /** Each a sentence. */
  readonly problems: readonly string[];
}

/** Reads `[METHOD[,METHOD]:][PATH][?[!]NAME]`. A target that no request of these routes can match is a mistake. */
function parseTarget(text: string, routes: readonly Route[]): ParsedTarget {
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
  const problems = words.filter((word) => !isMethod(word)).map(describeMethodProblem);
  if (query === '' || query === '!') problems.push('after `?` the name of a query parameter is missing.');
  const target: FaultTarget = { methods: words.length === 0 ? undefined : methods, path, query };
  return { target, problems: problems.length > 0 ? problems : findUnserved(target, routes) };
}

function findUnserved({ methods, path }: FaultTarget, routes: readonly Route[]): readonly string[] {
  if (path === undefined) return [];
  const served = routes.filter((route) => pathsOverlap(path, route.path));
  if (served.length === 0) {
    const paths = [...new Set(routes.map((route) => route.path))];
    return [sentence(`the sandbox serves no path \`${path}\`.`, didYouMean(path, paths))];
  }
  if (methods === undefined || served.some(({ method }) => methods.some((wanted) => wanted === method))) return [];
  const known = [...new Set(served.map(({ method }) => method))];
  return [`the sandbox serves \`${path}\` with ${known.join(', ')} only.`];
}

function isMethod(word: string): word is FaultMethod {
  return faultMethods.some((method) => method === word);
}

function describeMethodProblem(word: string): string {
  const upper = word.toUpperCase();
  const near = isMethod(upper) ? upper : nearestName(upper, faultMethods);
  const hint = near === undefined ? `It must be one of ${faultMethods.join(', ')}.` : `Did you mean \`${near}\`?`;
  return sentence(`there is no method \`${word}\`.`, hint);
}
