import type { DesiredInstance } from '../model/desired.ts';
import type { OwnedInstance } from '../model/live.ts';
import type { FieldChange, Risk } from '../model/plan.ts';
import type { PlanContext } from './plan-context.ts';
import { toMissingReason, toCreateWork } from './plan-create.ts';
import { toDesiredHead } from './planned.ts';
import type { Planned } from './planned.ts';
import { sealChange, toCreateEvidence } from './seal-change.ts';

/**
 * Another connector means another instance: id, token and event history are lost.
 * A `reason` on the change means that it is refused; then there is no work.
 *
 * The work holds `create` and the `id` of the old instance. Must be carried out in this order: the old one gives its key and its memory
 * away for `toRetiredKey(key)`, the new one is made, the old one is deleted. At no time may two instances carry one key;
 * stopped in between, the old one is an orphan that is kept until the new one is there.
 */
export function planReplace(
  desired: DesiredInstance,
  live: OwnedInstance,
  options: { readonly allowReplace: boolean; readonly context: PlanContext },
): Planned {
  const { allowReplace, context } = options;
  const refusal = toRefusal(desired, live, allowReplace);
  const change = {
    ...toDesiredHead('replace', desired, live),
    fields: [toConnectorChange(desired, live)],
    risks: [toIdentityRisk(desired)],
    ...refusal,
  };
  const sealed = sealChange(change, toCreateEvidence(desired, context), context);
  return refusal === undefined
    ? {
        change: sealed,
        work: { ...toCreateWork(desired, context), id: live.id, userTags: desired.tags ?? live.userTags },
      }
    : { change: sealed };
}

/** Whether the connectors differ. Keys are found whatever their case (platform-api §8). */
export function isOtherConnector(desired: DesiredInstance, live: OwnedInstance): boolean {
  return desired.connector.toLowerCase() !== live.connector.toLowerCase();
}

function toRefusal(
  desired: DesiredInstance,
  live: OwnedInstance,
  allowReplace: boolean,
): { readonly reason: string; readonly hint: string } | undefined {
  const what = `The connector changes from ${live.connector} to ${desired.connector}, which makes a new instance.`;
  if (desired.protect) {
    return {
      reason: `${what} The definition is protected.`,
      hint: 'Take `protect: true` away first, or change the connector back.',
    };
  }
  if (!allowReplace) {
    return {
      reason: `${what} That is refused unless asked for.`,
      hint: 'Change the connector back, or allow it with --allow-replace.',
    };
  }
  if (desired.missingProviderData.length === 0) return undefined;
  return { reason: `${what} ${toMissingReason(desired)}`, hint: 'Set what is missing, and run again.' };
}

function toConnectorChange(desired: DesiredInstance, live: OwnedInstance): FieldChange {
  return {
    field: '/connector',
    cause: 'definition',
    secret: false,
    before: live.connector,
    after: desired.connector,
    line: desired.at('/connector').line,
  };
}

function toIdentityRisk(desired: DesiredInstance): Risk {
  return {
    code: 'identity-will-change',
    message:
      'The instance gets a new id and a new token; whoever uses the old ones stops working, and its event history is lost.',
    line: desired.at('/connector').line,
  };
}
