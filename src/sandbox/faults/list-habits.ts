import type { RouteCall } from '../route.ts';
import type { StoredInstance } from '../state/stored-instance.ts';
import type { SandboxView } from '../view.ts';
import type { Habit, HabitContext } from './habit.ts';
import type { ListLagFault, OddForeignFault, PageShiftFault, SmallPagesFault } from './habit-rule.ts';
import { listOdd } from './odd-entries.ts';

/** Lists are made from what was there a while ago. */
export function lagBehind({ ms, of = 'all' }: ListLagFault, { report }: HabitContext): Habit {
  return (call, next) => {
    const { state } = call.tenant;
    // One that was made and is gone again was never in a list that lags.
    const seen = [...state.history.former(ms, of)].filter(([id, before]) => before !== state.find(id));
    if (seen.length === 0) return next(call);
    report();
    return next(withView(call, { instances: atThatTime(call, new Map(seen)) }));
  };
}

function atThatTime(
  { tenant, view }: RouteCall,
  former: ReadonlyMap<number, StoredInstance | undefined>,
): readonly StoredInstance[] {
  const present = new Map([...(view?.instances ?? tenant.state.instances)].map((one) => [one.id, one] as const));
  for (const [id, before] of former) {
    if (before === undefined) present.delete(id);
    else present.set(id, before);
  }
  return [...present.values()].toSorted((a, b) => a.id - b.id);
}

/** Later pages are cut out of another list than the first one was; the total is that list's. */
export function shiftPages({ form = 'skip', by = 1 }: PageShiftFault, { draw, report }: HabitContext): Habit {
  const arrange = <T>(rows: readonly T[]): readonly T[] => {
    if (form === 'skip') return rows.slice(by);
    if (form === 'repeat') return [...rows.slice(0, by), ...rows];
    // Never by nothing, which would be the same order.
    const first = 1 + Math.floor(draw.chance * (rows.length - 1));
    return [...rows.slice(first), ...rows.slice(0, first)];
  };
  return (call, next) => {
    report();
    return next(withView(call, { arrange }));
  };
}

/** The token of a page says how large all pages of a list are, so that only the first one needs to be asked for otherwise. */
export function cutSmaller({ size }: SmallPagesFault, { report }: HabitContext): Habit {
  return (call, next) => {
    const asked = call.request.query.get('pageSize');
    if (asked !== null && Number(asked) <= size) return next(call);
    const query = new URLSearchParams(call.request.query);
    query.set('pageSize', String(size));
    report();
    return next({ ...call, request: { ...call.request, query } });
  };
}

/** Leaves the counts out. */
export function hideTotal({ report }: HabitContext): Habit {
  return (call, next) => {
    const { headers = {}, ...response } = next(call);
    const { 'elements-total-count': total, 'elements-returned-count': _returned, ...others } = headers;
    if (total !== undefined) report();
    return { ...response, headers: others };
  };
}

/** Odd instances of others stand behind the true ones. */
export function addOdd({ form }: OddForeignFault, { report }: HabitContext): Habit {
  return (call, next) => {
    report();
    return next(withView(call, { foreign: [...(call.view?.foreign ?? []), ...listOdd(form)] }));
  };
}

/** The call, seen otherwise than before in one more way. */
export function withView(call: RouteCall, view: SandboxView): RouteCall {
  return { ...call, view: { ...call.view, ...view } };
}
