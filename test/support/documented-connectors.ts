import { knownConnectors } from '../../src/sandbox/catalogue/known-connectors.ts';
import { documentedIds } from '../../src/sandbox/catalogue/documented.ts';

/** The connectors that documented bodies show, as the sandbox plays them, sorted by key. */
export const documentedConnectors = knownConnectors()
  .list()
  .filter(({ key, source }) => source === undefined || documentedIds.has(key));
