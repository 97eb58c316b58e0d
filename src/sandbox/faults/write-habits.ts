import { isJsonObject } from '../../model/json.ts';
import { ApiError } from '../api-error.ts';
import { rotateTokens, withdrawConsent } from '../instance/authorise.ts';
import type { RouteCall, SandboxResponse } from '../route.ts';
import type { Habit, HabitContext } from './habit.ts';
import type { IgnoreWriteFault, StaleReadFault } from './habit-rule.ts';
import { withView } from './list-habits.ts';

/** As the platform does where a privilege is missing: it answers 200 all the same, and perhaps tells in a header. */
export function ignoreWrite(rule: IgnoreWriteFault, { report }: HabitContext): Habit {
  return (call, next) => {
    const response = answerWithout(rule, call, next);
    report();
    if (rule.header !== true) return response;
    return { ...response, headers: { ...response.headers, 'elements-error': 'Missing privilege' } };
  };
}

function answerWithout(rule: IgnoreWriteFault, call: RouteCall, next: Parameters<Habit>[1]): SandboxResponse {
  if (isSwitch(call)) return { status: 200 };
  const { body } = call.request;
  return next({ ...call, request: { ...call.request, body: isJsonObject(body) ? takeOut(rule, body) : body } });
}

/** Whether the call switches an instance on or off. */
function isSwitch({ request }: RouteCall): boolean {
  return request.path.endsWith('/enabled');
}

function takeOut(
  { of = 'configuration', key }: IgnoreWriteFault,
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (of === 'everything') return {};
  const { [of]: part, ...others } = body;
  if (of !== 'configuration' || key === undefined || !isJsonObject(part)) return others;
  const { [key]: _ignored, ...taken } = part;
  return { ...others, configuration: taken };
}

/** Whether the call holds what the rule leaves out. */
export function isIgnorable({ of = 'configuration', key }: IgnoreWriteFault, call: RouteCall): boolean {
  if (isSwitch(call)) return of === 'enabled' || of === 'everything';
  const { body } = call.request;
  if (!isJsonObject(body) || of === 'enabled') return false;
  if (of === 'everything') return true;
  const part = body[of];
  return part !== undefined && (of !== 'configuration' || key === undefined || (isJsonObject(part) && key in part));
}

/** PATCH forgets what it does not name. */
export function replaceWhole({ report }: HabitContext): Habit {
  return (call, next) => {
    report();
    return next(withView(call, { patchReplaces: true }));
  };
}

/** GET of an instance answers as it was a while ago. */
export function readStale({ ms }: StaleReadFault, { report }: HabitContext): Habit {
  return (call, next) => {
    const past = call.tenant.state.history.former(ms);
    const former = (id: number) => {
      const before = past.get(id);
      if (before !== undefined) report();
      return before;
    };
    return next(withView(call, { former }));
  };
}

/** The provider gives new tokens to the instances that are asked for. */
export function rotate({ report }: HabitContext): Habit {
  return (call, next) => {
    const { tenant, params } = call;
    const id = params.get('id');
    const meant = id === undefined ? [...tenant.state.instances] : [tenant.instance(id)];
    for (const instance of meant) rotateTokens(tenant, instance);
    report();
    return next(call);
  };
}

/** The provider no longer lets the instance in that asks. */
export function withdraw({ report }: HabitContext): Habit {
  return (call, next) => {
    const { instance, tenant } = call;
    if (instance === undefined) return next(call);
    withdrawConsent(tenant, instance);
    report();
    return next({ ...call, instance: tenant.instance(String(instance.id)) });
  };
}

/** Nothing is there: a list is as empty as any other without a hit. */
export function showNothing({ report }: HabitContext): Habit {
  return (call, next) => {
    report();
    const id = call.params.get('id');
    if (id !== undefined) throw new ApiError(404, `No element instance found with id ${id}`);
    return next(withView(call, { instances: [] }));
  };
}
