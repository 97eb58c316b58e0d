import { isJsonObject } from '../../model/json.ts';
import {
  choice,
  type FaultKindEntry,
  kind,
  milliseconds,
  option,
  type OptionValue,
  required,
  wholeNumber,
} from './fault-option.ts';
import type { FaultKind, FaultRule } from './fault-rule.ts';
import type { HabitFault } from './habit-rule.ts';
import { habitKinds } from './habit-kinds.ts';

/** The kinds that make a request fail, with their options, `on` aside. */
export const failureKinds: Readonly<Record<Exclude<FaultKind, HabitFault['kind']>, FaultKindEntry>> = {
  latency: kind('delays the response by ms, plus up to jitter', [
    required(option('ms', milliseconds)),
    option('jitter', milliseconds),
  ]),
  'rate-limit': {
    summary: 'answers 429 when requests exceed per-second',
    options: [
      required(option('perSecond', { type: 'number', min: 0.001, max: 1e6, whole: false })),
      option('burst', wholeNumber),
      choice('retryAfter', ['seconds', 'date', 'none']),
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
    choice('answer', ['lost', 'timeout', 'late']),
  ]),
  truncate: kind('sends half of the response', [choice('form', ['content-length', 'chunked'])]),
  malformed: kind('answers 200 with an HTML page, broken JSON, or an empty body', [
    choice('form', ['html', 'json', 'empty']),
    option('committed', { type: 'flag' }),
  ]),
  'endless-pages': kind('a list that never ends: every page names a next page', []),
  'repeated-token': kind('a list whose second page names itself as the next page', []),
  'drop-entries': kind('a page that omits entries but still reports the full total', [option('count', wholeNumber)]),
  garbage: kind('sends text that is no HTTP', [
    choice('form', ['line-feeds', 'chunk-size', 'header', 'tls', 'greeting']),
    option('committed', { type: 'flag' }),
  ]),
};

/** Every kind of fault. */
export const faultKinds: Readonly<Record<FaultKind, FaultKindEntry>> = { ...failureKinds, ...habitKinds };

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
      return expected.choices.some((one) => one === value)
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
