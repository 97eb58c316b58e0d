import { nearestName } from '../../model/nearest-name.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';

export const unknownConnector: DocumentRule = {
  code: 'unknown-connector',
  severity: 'warning',
  message: 'Unknown connector',
  help: 'Nobody can know all connectors, as teams have their own. A key that is nearly the one of a known connector is probably a typing mistake, and the platform refuses it when the instance is created.',
  check: ({ fields: { connector } }, { catalogue }) => {
    if (typeof connector !== 'string' || connector === '' || connector.includes('${{')) return [];
    if (catalogue === undefined || catalogue.keys.has(connector)) return [];
    const near = nearestName(connector, catalogue.keys);
    if (near === undefined) return [];
    return [
      {
        path: ['connector'],
        detail: `No known connector has the key ${quote(connector)}.`,
        hint: `Did you mean \`${near}\`? If it is a connector of your own, run \`connectorctl catalog pull\` to make it known.`,
      },
    ];
  },
};
