import { isJsonObject } from '../../model/json.ts';
import type { FaultKind, FaultRule } from './fault-rule.ts';

/** What an option's value may be. */
export type OptionValue =
  | { readonly type: 'number'; readonly min: number; readonly max: number; readonly whole: boolean }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'flag' }
  | { readonly type: 'text' };

export interface FaultOption {
  /** Property of the rule. */
  readonly key: string;
  /** As it is written on the command line. */
  readonly name: string;
  readonly value: OptionValue;
  readonly required: boolean;
}

interface FaultKindEntry {
  /** For `connectorctl sandbox --help`. */
  readonly summary: string;
  readonly options: readonly FaultOption[];
}

/** A day: no fault is meant to wait longer. */
const longestWait = 86_400_000;

const milliseconds: OptionValue = { type: 'number', min: 0, max: longestWait, whole: false };

/** The options of FaultFrequency. */
const frequency: readonly FaultOption[] = [
  option('rate', { type: 'number', min: 0, max: 1, whole: false }),
  option('times', { type: 'number', min: 1, max: 1e9, whole: true }),
  option('after', { type: 'number', min: 0, max: 1e9, whole: true }),
];

/** Every kind of fault with its options, `on` aside. */
export const faultKinds: Readonly<Record<FaultKind, FaultKindEntry>> = {
  latency: kind('delays the response by ms, plus up to jitter', [
    required(option('ms', milliseconds)),
    option('jitter', milliseconds),
  ]),
  'rate-limit': {
    summary: 'answers 429 when requests exceed per-second',
    options: [
      required(option('perSecond', { type: 'number', min: 0.001, max: 1e6, whole: false })),
      option('burst', { type: 'number', min: 1, max: 1e6, whole: true }),
      option('retryAfter', { type: 'choice', choices: ['seconds', 'date', 'none'] }),
    ],
  },
  error: kind('answers with an error; status 503 by default', [
    option('status', { type: 'number', min: 400, max: 599, whole: true }),
    option('message', { type: 'text' }),
    option('committed', { type: 'flag' }),
  ]),
  'lost-before': kind('resets the connection; the request is not carried out', []),
  'lost-after': kind('carries out the request, then resets the connection before the response', []),
  hang: kind('never answers', [option('committed', { type: 'flag' })]),
  'slow-commit': kind('carries out a write ms later; the client gets no response, a 504, or a late response', [
    required(option('ms', milliseconds)),
    option('answer', { type: 'choice', choices: ['lost', 'timeout', 'late'] }),
  ]),
  truncate: kind('sends half of the response', [
    option('form', { type: 'choice', choices: ['content-length', 'chunked'] }),
  ]),
  malformed: kind('answers 200 with an HTML page, broken JSON, or an empty body', [
    option('form', { type: 'choice', choices: ['html', 'json', 'empty'] }),
    option('committed', { type: 'flag' }),
  ]),
  'endless-pages': kind('a list that never ends: every page names a next page', []),
  'repeated-token': kind('a list whose second page names itself as the next page', []),
  'drop-entries': kind('a page that omits entries but still reports the full total', [
    option('count', { type: 'number', min: 1, max: 1e6, whole: true }),
  ]),
  'ignore-write': kind('answers a PATCH or PUT with 200 and takes no configuration; name and tags are taken', [
    option('header', { type: 'flag' }),
  ]),
  'other-user': kind('answers reads as to another user, who sees no instance', []),
  garbage: kind('sends text that is no HTTP', [
    option('form', { type: 'choice', choices: ['line-feeds', 'chunk-size', 'greeting'] }),
    option('committed', { type: 'flag' }),
  ]),
  'stale-list': kind('instances created less than ms ago are not listed yet', [required(option('ms', milliseconds))]),
};

export function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(faultKinds, text);
}

/** What is wrong with a value, as the end of a sentence that begins with the option's name; undefined when nothing is. */
export function findValueProblem(value: unknown, expected: OptionValue): string | undefined {
  switch (expected.type) {
    case 'number': {
      const { min, max, whole } = expected;
      const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
      return fits ? undefined : `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
    }
    case 'choice':
      return expected.choices.some((choice) => choice === value)
        ? undefined
        : `must be one of ${expected.choices.join(', ')}`;
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'must be yes or no';
    case 'text':
      return typeof value === 'string' && value !== '' ? undefined : 'must be some text';
    default:
      return expected satisfies never;
  }
}

/** The first thing that is wrong with the options of a rule; undefined when nothing is. */
export function findFaultProblem(rule: Readonly<Record<string, unknown>> | FaultRule): string | undefined {
  const values: Readonly<Record<string, unknown>> = { ...rule };
  const name = String(values['kind']);
  if (!isFaultKind(name)) return `There is no kind of fault ${name}`;
  for (const { key, value, required: isRequired } of faultKinds[name].options) {
    if (values[key] === undefined && !isRequired) continue;
    const problem = findValueProblem(values[key], value);
    if (problem !== undefined) return `Fault ${name}: ${key} ${problem}`;
  }
  return undefined;
}

export function isFaultRule(value: unknown): value is FaultRule {
  return isJsonObject(value) && findFaultProblem(value) === undefined;
}

function kind(summary: string, options: readonly FaultOption[]): FaultKindEntry {
  return { summary, options: [...options, ...frequency] };
}

function option(key: string, value: OptionValue): FaultOption {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return { key, name, value, required: false };
}

function required(one: FaultOption): FaultOption {
  return { ...one, required: true };
}
