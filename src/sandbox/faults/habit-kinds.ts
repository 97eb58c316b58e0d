import { choice, type FaultKindEntry, kind, milliseconds, option, required, wholeNumber } from './fault-option.ts';
import { type HabitFault, normalForms } from './habit-rule.ts';
import { oddForms } from './odd-entries.ts';

/** Every habit with its options, `on` aside. */
export const habitKinds: Readonly<Record<HabitFault['kind'], FaultKindEntry>> = {
  'list-lag': kind('lists show creates, changes and deletes only after ms', [
    required(option('ms', milliseconds)),
    choice('of', ['all', 'creates', 'changes', 'deletes']),
  ]),
  'page-shift': kind('the list changes between two pages: rows are skipped or repeated', [
    choice('form', ['skip', 'repeat', 'reorder']),
    option('by', wholeNumber),
  ]),
  'small-pages': kind('lists come in pages of size at most', [required(option('size', wholeNumber))]),
  'no-total': kind('pages do not tell how many there are in all', []),
  'stale-read': kind('a read of an instance answers what it was ms ago', [required(option('ms', milliseconds))]),
  'ignore-write': kind('an update is answered 200, and a part of it is not taken', [
    choice('of', ['configuration', 'name', 'tags', 'enabled', 'everything']),
    option('key', { type: 'text' }),
    option('header', { type: 'flag' }),
  ]),
  'replace-on-patch': kind('a PATCH replaces the whole configuration', []),
  'normalise-on-read': kind('only reads show values in another form, or only one key of them', [
    choice('form', normalForms),
    option('key', { type: 'text' }),
  ]),
  'rotate-tokens': kind("the provider changes an instance's tokens before each read", []),
  'withdraw-consent': kind('the provider takes back its consent before a ping; the fifth that fails disables', []),
  'drop-tags': kind('user tags are lost or spelt otherwise; on=GET: by reads only', [
    choice('form', ['first', 'all', 'lower', 'upper', 'html']),
  ]),
  'odd-foreign': kind('odd instances of others are listed: one form, or one of each', [choice('form', oddForms)]),
  'other-user': kind('answers reads as to another user, who sees no instance', []),
};

export function isHabit<Rule extends { readonly kind: string }>(rule: Rule): rule is Extract<Rule, HabitFault> {
  return Object.hasOwn(habitKinds, rule.kind);
}
