import { faultKinds, type FaultOption, type OptionValue } from './fault-kinds.ts';
import type { FaultRule } from './fault-rule.ts';

const common = new Set(['rate', 'times', 'after']);

/** What `connectorctl sandbox --help` says about faults. */
export function renderFaultHelp(): string {
  const kinds = Object.entries(faultKinds).map(([kind, { summary, options }]) => {
    const own = options.filter(({ name }) => !common.has(name));
    const words = own.map(renderOption).join(' ');
    return `  ${kind.padEnd(16)}${summary}\n${words === '' ? '' : `${' '.repeat(18)}${words}\n`}`;
  });
  return `
Faults: --fault 'KIND [NAME=VALUE]...', repeatable. Each request gets the first fault that matches it; latency and stale-list are added to it.
${kinds.join('')}
Every kind but rate-limit takes
  rate=0..1       share of the requests; the same --fault-seed selects the same ones
  times=N         at most N times
  after=N         not for the first N requests
and every kind
  on=[METHOD[,METHOD]:][PATH][?NAME]
                  which requests: on=POST  on=PUT,PATCH:/instances/:id  on=/instances/**
                  on=GET:/instances?tags[] with that parameter, ?!tags[] without it

Examples:
  connectorctl sandbox --fault 'lost-after rate=0.1 on=POST:/instances'
  connectorctl sandbox --fault 'rate-limit per-second=20 burst=20 retry-after=date' --fault 'latency ms=50 jitter=30'
  connectorctl sandbox --fault 'error status=500 message="Try later" times=3' --fault-seed monday`;
}

function renderOption({ name, value, required }: FaultOption): string {
  return required ? `${name}=${renderValue(value)}` : `[${name}=${renderValue(value)}]`;
}

function renderValue(value: OptionValue): string {
  switch (value.type) {
    case 'number':
      return 'N';
    case 'choice':
      return value.choices.join('|');
    case 'flag':
      return 'yes|no';
    case 'text':
      return 'TEXT';
    default:
      return value satisfies never;
  }
}

/** The outcome of a request with a fault, in words for the person who watches the sandbox. */
export function describeEffect(
  rule: FaultRule,
  { wait, delay }: { readonly wait: number; readonly delay: number },
): string {
  switch (rule.kind) {
    case 'latency':
      return `the response comes ${Math.round(delay)} ms later`;
    case 'rate-limit':
      return `not carried out, answered 429: the next is let through in ${Math.ceil(wait)} ms`;
    case 'error':
      return `${describeCommitted(rule.committed ?? false)}, answered ${rule.status ?? 503}`;
    case 'lost-before':
      return 'not carried out, connection reset';
    case 'lost-after':
      return 'carried out, connection reset before the response';
    case 'hang':
      return `${describeCommitted(rule.committed ?? false)}, never answered`;
    case 'slow-commit':
      return `carried out ${rule.ms} ms from now, ${describeResponse(rule.answer ?? 'lost')}`;
    case 'truncate':
      return 'carried out, half of the response sent';
    case 'malformed':
      return `${describeCommitted(rule.committed ?? true)}, answered 200 with ${describeForm(rule.form ?? 'html')}`;
    case 'endless-pages':
      return 'another page follows';
    case 'repeated-token':
      return 'the next page is one that was read already';
    case 'drop-entries':
      return 'entries left out';
    case 'ignore-write':
      return 'carried out without its configuration, answered 200';
    case 'other-user':
      return 'answered as to another user';
    case 'garbage':
      return `${describeCommitted(rule.committed ?? false)}, answered with text that is no HTTP`;
    case 'stale-list':
      return 'fresh instances not listed yet';
    default:
      return rule satisfies never;
  }
}

function describeCommitted(committed: boolean): string {
  return committed ? 'carried out' : 'not carried out';
}

function describeResponse(answer: 'lost' | 'timeout' | 'late'): string {
  return { lost: 'connection reset', timeout: 'answered 504', late: 'answered then' }[answer];
}

function describeForm(form: 'html' | 'json' | 'empty'): string {
  return { html: 'an HTML page', json: 'broken JSON', empty: 'nothing' }[form];
}
