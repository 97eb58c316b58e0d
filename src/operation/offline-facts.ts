import type { Connector } from '../model/connector.ts';
import { loadCatalogue } from './load-catalogue.ts';

/** What is known of connectors without asking the platform: pulled before built in. */
export interface OfflineFacts {
  /** Must have been called for a connector before anything of it is found. Reads each once. */
  readonly load: (connectors: Iterable<string>) => Promise<void>;
  readonly find: (connector: string) => Connector | undefined;
}

/** @param directory absolute folder of the workspace */
export function openOfflineFacts(directory: string): OfflineFacts {
  const known = new Map<string, Connector | undefined>();
  return {
    load: async (connectors) => {
      const wanted = new Set([...connectors].filter((key) => !known.has(key)));
      if (wanted.size === 0) return;
      const { catalogue } = await loadCatalogue(directory, wanted);
      // Keys of connectors are found whatever their case (platform-api §8).
      for (const key of wanted) known.set(key, (catalogue?.find(key) ?? catalogue?.find(key.toLowerCase()))?.connector);
    },
    find: (connector) => known.get(connector),
  };
}
