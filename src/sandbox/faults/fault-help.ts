import { failureKinds } from './fault-kinds.ts';
import type { FaultKindEntry, FaultOption, OptionValue } from './fault-option.ts';
import type { FaultRule } from './fault-rule.ts';
import type { DropTagsFault, HabitFault, IgnoreWriteFault } from './habit-rule.ts';
import { habitKinds, isHabit } from './habit-kinds.ts';

const common = new Set(['rate', 'times', 'after']);

/** What `connectorctl sandbox --help` says about faults. */
export function renderFaultHelp(): string {
  return `
Faults: --fault 'KIND [NAME=VALUE]...', repeatable. Each request gets the first fault that matches it; latency and habits are added to it.
${renderKinds(failureKinds)}
Habits of a platform:
${renderKinds(habitKinds)}
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

function renderKinds(kinds: Readonly<Record<string, FaultKindEntry>>): string {
  return Object.entries(kinds)
    .map(([kind, { summary, options }]) => {
      const own = options.filter(({ name }) => !common.has(name));
      const words = own.map(renderOption).join(' ');
      return `  ${kind.padEnd(18)}${summary}\n${words === '' ? '' : `${' '.repeat(20)}${words}\n`}`;
    })
    .join('');
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
  if (isHabit(rule)) return describeHabit(rule);
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
    case 'garbage':
      return `${describeCommitted(rule.committed ?? false)}, answered with text that is no HTTP`;
    default:
      return rule satisfies never;
  }
}

function describeHabit(rule: HabitFault): string {
  switch (rule.kind) {
    case 'list-lag':
      return `listed as it was ${rule.ms} ms ago`;
    case 'page-shift':
      return { skip: 'rows skipped', repeat: 'rows repeated', reorder: 'rows in another order' }[rule.form ?? 'skip'];
    case 'small-pages':
      return `cut into pages of ${rule.size}`;
    case 'no-total':
      return 'no total told';
    case 'stale-read':
      return `answered as it was ${rule.ms} ms ago`;
    case 'ignore-write':
      return `carried out without ${describePart(rule)}, answered 200`;
    case 'replace-on-patch':
      return 'the configuration is replaced, what was not sent is gone';
    case 'normalise-on-read':
      return `values shown in another form: ${rule.form ?? 'lower'}`;
    case 'rotate-tokens':
      return 'the provider gave new tokens';
    case 'withdraw-consent':
      return 'the provider took back its consent';
    case 'drop-tags':
      return describeTags(rule.form ?? 'first');
    case 'odd-foreign':
      return 'odd instances of others listed';
    case 'other-user':
      return 'answered as to another user';
    default:
      return rule satisfies never;
  }
}

function describeTags(form: NonNullable<DropTagsFault['form']>): string {
  if (form === 'first' || form === 'all') return `${form === 'first' ? 'the first user tag' : 'all user tags'} lost`;
  return `user tags in another form: ${form}`;
}

function describePart({ of = 'configuration', key }: IgnoreWriteFault): string {
  const words = {
    configuration: key === undefined ? 'its configuration' : `its ${key}`,
    name: 'its name',
    tags: 'its tags',
    enabled: 'switching',
    everything: 'anything of it',
  };
  return words[of];
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
