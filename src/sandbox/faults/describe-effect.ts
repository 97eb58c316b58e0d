import type { Fault } from './fault.ts';
import type { Blow } from './rule.ts';

/** What a fault makes of a request, in words for the person who watches the sandbox. */
export function describeEffect(fault: Fault, { wait }: Blow, delay: number): string {
  switch (fault.kind) {
    case 'latency':
      return `the answer comes ${Math.round(delay)} ms later`;
    case 'rate-limit':
      return `not carried out, answered 429: the next may come in ${Math.ceil(wait)} ms`;
    case 'error':
      return `${tellCommitted(fault.committed ?? false)}, answered ${fault.status ?? 503}`;
    case 'lost-before':
      return 'not carried out, connection reset';
    case 'lost-after':
      return 'carried out, connection reset before the answer';
    case 'hang':
      return `${tellCommitted(fault.committed ?? false)}, never answered`;
    case 'slow-commit':
      return `carried out ${fault.ms} ms from now, ${tellAnswer(fault.answer ?? 'lost')}`;
    case 'truncate':
      return 'carried out, half of the answer sent';
    case 'malformed':
      return `${tellCommitted(fault.committed ?? true)}, answered 200 with ${tellForm(fault.form ?? 'html')}`;
    case 'endless-pages':
      return 'another page follows';
    case 'repeated-token':
      return 'the next page is one that was read already';
    case 'drop-entries':
      return 'entries left out';
    case 'stale-list':
      return 'fresh instances not listed yet';
    default:
      return fault satisfies never;
  }
}

function tellCommitted(committed: boolean): string {
  return committed ? 'carried out' : 'not carried out';
}

function tellAnswer(answer: 'lost' | 'timeout' | 'late'): string {
  return { lost: 'connection reset', timeout: 'answered 504', late: 'answered then' }[answer];
}

function tellForm(form: 'html' | 'json' | 'empty'): string {
  return { html: 'an HTML page', json: 'broken JSON', empty: 'nothing' }[form];
}
