import { hideWhole } from './redact-plan.ts';
import type { Connector } from '../model/connector.ts';
import type { Secret } from '../model/secret.ts';
import { createRedactor } from '../secret/redactor.ts';

/** A word that many connectors have, such as `username`, may be somebody's secret as well. */
const isShort = /^[^]{0,11}$/;

/** Takes secrets that the run was given out of what the platform says of a connector: the file goes into the repository. */
export function hideInConnector(given: readonly Secret[]): (connector: Connector) => Connector {
  const redactor = createRedactor(given.filter((secret) => !secret.matches(isShort)));
  return (connector) => {
    const hidden: Connector = JSON.parse(JSON.stringify(connector), (_name, value: unknown) =>
      typeof value === 'string' ? hideWhole(value, redactor) : value,
    );
    return hidden;
  };
}
