import { findConsentKind, lacksConsent, type LoginParts } from '../consent/grant.ts';
import type { Connector } from '../model/connector.ts';
import type { ConsentKind } from '../model/consent.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { PlanContext } from './plan-context.ts';

type WaitingLogin = LoginParts & Pick<DesiredInstance, 'connector' | 'missingProviderData'>;

/** What the platform says of a connector, or else what is known without it. */
export function knownConnector(connector: string, context: PlanContext): Connector | undefined {
  return context.connectorOf(connector) ?? context.facts?.(connector);
}

/** How a person is asked before the instance works; undefined where nobody is, or nothing is known of its connector. */
export function consentKindOf(desired: WaitingLogin, context: PlanContext): ConsentKind | undefined {
  return findConsentKind(desired, knownConnector(desired.connector, context));
}

/** Whether a new instance of the definition cannot be made yet: a grant is missing that only a person can give. */
export function waitsForGrant(desired: WaitingLogin, context: PlanContext): boolean {
  return desired.missingProviderData.length > 0 || lacksConsent(desired, knownConnector(desired.connector, context));
}
