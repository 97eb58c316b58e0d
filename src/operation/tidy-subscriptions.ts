import type { ApplyResult } from '../model/apply.ts';
import { type CallbackSubscription, type ListedSubscription, sortSubscriptions } from '../model/event-delivery.ts';
import type { FormerSubscription } from '../model/former-subscription.ts';
import { joinWords } from '../model/join-words.ts';
import type { OwnedInstance } from '../model/live.ts';
import { PlatformError, type PlatformReader } from '../model/platform.ts';
import { isSelected } from '../model/selection.ts';
import { UserError } from '../model/user-error.ts';
import { listOwned } from './guard-plan.ts';
import type { PreparedPlan } from './plan.ts';
import { hideWhole } from './redact-plan.ts';
import { callbackOf } from './read-health.ts';

/** After a change of these, what stands at the platform is looked at, asked or not. */
const ofCallback: ReadonlySet<string> = new Set([
  '/configuration/event.notification.callback.url',
  '/configuration/event.notification.signature.key',
]);

/**
 * After an apply: finds which subscriptions of former callbacks are left, and with `prune` removes them. Without it only the instances are looked at
 * whose callback or signature key was changed; with it all that definitions are for. Answers the result with what it found.
 * Must only remove a subscription that is of one of our instances alone, and only while that instance has another callback.
 * A refusal of the platform is told with the subscription that it is of, and keeps the others from nothing.
 */
export async function tidySubscriptions(
  prepared: PreparedPlan,
  { applied, prune }: { readonly applied: ApplyResult; readonly prune: boolean },
): Promise<ApplyResult> {
  const { reader } = prepared.connection;
  const concerned = applied.interrupted ? [] : listConcerned(prepared, applied, prune);
  if (concerned.length === 0) return applied;
  const found: FormerSubscription[] = [];
  const problem = await tellWhy(prepared, async () => {
    const all = await reader.listSubscriptions();
    if (all === undefined) return prune ? notListed : undefined;
    const unclear: string[] = [];
    for (const one of concerned) {
      const { left, isUnclear } = await findLeft(one, all, reader);
      for (const subscription of left) found.push(await settle(one, subscription.show(), { prepared, prune }));
      if (isUnclear) unclear.push(one.id);
    }
    return prune && unclear.length > 0 ? sayUnclear(unclear) : undefined;
  });
  const isNews = prune || found.length > 0 || problem !== undefined;
  return isNews ? { ...applied, subscriptions: { pruned: prune, found, problem } } : applied;
}

/** None is removed then: it could be the one that is needed. */
function sayUnclear(ids: readonly string[]): string {
  return `The platform shows no subscription with the callback that it shows for ${ids.length === 1 ? 'instance' : 'instances'} ${joinWords(ids, 'and')}, so nobody can tell which one is left. None was removed; remove the one that is not needed on the platform.`;
}

const notListed = 'The platform does not list subscriptions.';

/** Why something did not come to its end, without secrets; undefined when it did. */
async function tellWhy(
  { redactor }: Pick<PreparedPlan, 'redactor'>,
  run: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof PlatformError) && !(error instanceof UserError)) throw error;
    return redactor.redact(error.message);
  }
}

function listConcerned(prepared: PreparedPlan, { outcomes }: ApplyResult, prune: boolean): readonly OwnedInstance[] {
  const owned = listOwned(prepared).filter(
    ({ owner }) => owner?.key !== undefined && isSelected(owner.key, prepared.plan),
  );
  const gone = new Set(outcomes.filter(({ change }) => change.action === 'delete').map(({ change }) => change.id));
  const changed = new Set(
    outcomes
      .filter(
        ({ status, change }) =>
          (status === 'succeeded' || status === 'unverified') &&
          change.fields.some(({ field }) => ofCallback.has(field)),
      )
      .map(({ change }) => change.id),
  );
  return owned.filter(({ id }) => !gone.has(id) && (prune || changed.has(id)));
}

/** Asked anew: what was read before the apply is not what is true after it. */
async function findLeft(
  { id }: OwnedInstance,
  all: readonly ListedSubscription[],
  reader: PlatformReader,
): Promise<Pick<ReturnType<typeof sortSubscriptions>, 'left' | 'isUnclear'>> {
  const none = { left: [], isUnclear: false };
  if (!all.some((one) => one.isAbout(id))) return none;
  const now = await reader.readInstance(id);
  const callback = now?.configuration === undefined ? undefined : callbackOf({ configuration: now.configuration });
  return callback === undefined ? none : sortSubscriptions(all, id, callback);
}

async function settle(
  { owner, id: instanceId }: OwnedInstance,
  { id, url, active }: CallbackSubscription,
  { prepared, prune }: { readonly prepared: PreparedPlan; readonly prune: boolean },
): Promise<FormerSubscription> {
  const shown = hideWhole(url, prepared.redactor);
  const former = { key: owner?.key ?? '', instanceId, id, url: shown, active };
  if (!prune) return { ...former, status: 'left' };
  const message = await tellWhy(prepared, async () => {
    await prepared.connection.openWriter(1).deleteSubscription(id);
    return undefined;
  });
  return message === undefined ? { ...former, status: 'removed' } : { ...former, status: 'failed', message };
}
