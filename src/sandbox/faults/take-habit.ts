import type { Habit, HabitContext } from './habit.ts';
import type { HabitFault } from './habit-rule.ts';
import { addOdd, cutSmaller, hideTotal, lagBehind, shiftPages } from './list-habits.ts';
import { normalise, spoilTags } from './value-habits.ts';
import { ignoreWrite, readStale, replaceWhole, rotate, showNothing, withdraw } from './write-habits.ts';

/** What a rule makes a request meet. */
export function takeHabit(rule: HabitFault, context: HabitContext): Habit {
  switch (rule.kind) {
    case 'list-lag':
      return lagBehind(rule, context);
    case 'page-shift':
      return shiftPages(rule, context);
    case 'small-pages':
      return cutSmaller(rule, context);
    case 'no-total':
      return hideTotal(context);
    case 'stale-read':
      return readStale(rule, context);
    case 'ignore-write':
      return ignoreWrite(rule, context);
    case 'replace-on-patch':
      return replaceWhole(context);
    case 'normalise-on-read':
      return normalise(rule, context);
    case 'rotate-tokens':
      return rotate(context);
    case 'withdraw-consent':
      return withdraw(context);
    case 'drop-tags':
      return spoilTags(rule, context);
    case 'odd-foreign':
      return addOdd(rule, context);
    case 'other-user':
      return showNothing(context);
    default:
      return rule satisfies never;
  }
}
