import type { Connector } from '../model/connector.ts';
import catalogue from './built-in.json' with { type: 'json' };
import { decodeConnector, listConnectors } from './compact.ts';

/** Day on which the built-in entries were true. A tenant may have others, and connectors of its own. */
export const builtInDate: string = catalogue.date;

/** Further connectors that the vendors document, of which no entries are known. */
const documentedKeys: readonly string[] = [
  'actessentials',
  'actessentialsoauth',
  'adpworkforcenow',
  'amazonmarketplace',
  'asana',
  'base',
  'bullhorn',
  'connectwisehd',
  'docusign',
  'intacct',
  'magento',
  'netsuitecrm',
  'netsuitecrmv2',
  'oraclesalescloud',
  'sagelive',
  'salescloud',
  'wrike',
];

/** What is known of a connector without asking a platform: keys, types, groups, options and defaults, no descriptions. */
export function findBuiltIn(key: string): Connector | undefined {
  return decodeConnector(catalogue, key);
}

/** Keys of all connectors that are known to exist. */
export function listBuiltInKeys(): readonly string[] {
  return [...Object.keys(catalogue.connectors), ...documentedKeys];
}

/** Every connector that is built in, by key. */
export function listBuiltIn(): ReturnType<typeof listConnectors> {
  return listConnectors(catalogue);
}
