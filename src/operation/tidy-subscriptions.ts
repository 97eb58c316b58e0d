import type { ApplyResult } from '../model/apply.ts';
import { type CallbackSubscription, type ListedSubscription, sortSubscriptions } from '../model/event-delivery.ts';
import type { OwnedInstance } from '../model/live.ts';
import { PlatformError, type PlatformReader } from '../model/platform.ts';
import { isSelected } from '../model/selection.ts';
import { listOwned } from './guard-plan.ts';
import type { OperationPorts } from './operation-ports.ts';
import type { PreparedPlan } from './plan.ts';
import { callbackOf } from './read-health.ts';

/** After a change of these, what stands at the platform is looked at, asked or not. */
const ofCallback: ReadonlySet<string> = new Set([
  '/configuration/event.notification.callback.url',
  '/configuration/event.notification.signature.key',
]);

/**
 * After an apply: says which subscriptions of former callbacks are left, and with `prune` removes them. Without it only the instances are looked at
 * whose callback or signature key was changed; with it all that definitions are for.
 * Must only remove a subscription that is of one of our instances alone, and only while that instance has another callback.
 * A refusal of the platform is told, and changes nothing about what was applied.
 */
export async function tidySubscriptions(
  prepared: PreparedPlan,
  ports: Pick<OperationPorts, 'notice'>,
  { applied, prune }: { readonly applied: ApplyResult; readonly prune: boolean },
): Promise<void> {
  const { reader } = prepared.connection;
  if (applied.interrupted) return;
  const concerned = listConcerned(prepared, applied, prune);
  try {
    const all = concerned.length === 0 ? undefined : await reader.listSubscriptions();
    if (all === undefined || all.length === 0) {
      if (prune && concerned.length > 0 && all === undefined) ports.notice(notListed);
      return;
    }
    for (const one of concerned) {
      const left = await findLeft(one, all, reader);
      for (const subscription of left) await settle(one, subscription, { prepared, ports, prune });
    }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    ports.notice(`The subscriptions of former callbacks could not be looked after: ${error.message}`);
  }
}

const notListed = 'The platform does not list subscriptions, so that none of a former callback could be looked for.';

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
): Promise<readonly CallbackSubscription[]> {
  if (sortSubscriptions(all, id, '').left.length === 0) return [];
  const now = await reader.readInstance(id);
  const callback = now?.configuration === undefined ? undefined : callbackOf({ configuration: now.configuration });
  return callback === undefined ? [] : sortSubscriptions(all, id, callback).left;
}

interface TidyOptions {
  readonly prepared: PreparedPlan;
  readonly ports: Pick<OperationPorts, 'notice'>;
  readonly prune: boolean;
}

async function settle(
  { owner, id }: OwnedInstance,
  subscription: CallbackSubscription,
  { prepared, ports, prune }: TidyOptions,
): Promise<void> {
  const who = `${owner?.key ?? ''} (${id})`;
  const what = `subscription ${subscription.id} to ${prepared.redactor.redact(subscription.url)}`;
  if (!prune) {
    const state = subscription.active ? 'still subscribed and gets each event too' : 'still there, inactive';
    ports.notice(`A former callback of ${who} is ${state}: ${what}. Remove it with apply --prune-subscriptions.`);
    return;
  }
  await prepared.connection.openWriter().deleteSubscription(subscription.id);
  ports.notice(`Removed the ${what}, of a former callback of ${who}.`);
}
