import type { Connector } from '../model/connector.ts';
import type { Change, Plan } from '../model/plan.ts';
import { PlatformError, type PlatformReader } from '../model/platform.ts';

/**
 * Catalogue entries of the connectors that something happens to: they hold the defaults of removed keys and which values are passwords.
 * Without the privilege to read them (platform-api §2: `viewElements`) the plan says less, and nothing wrong.
 */
export async function readConnectors(plan: Plan, reader: PlatformReader): Promise<ReadonlyMap<string, Connector>> {
  const keys = new Set(plan.changes.filter(isServed).map((change) => change.connector));
  const connectors = new Map<string, Connector>();
  for (const key of [...keys].toSorted()) {
    const connector = await readConnector(key, reader);
    if (connector !== undefined) connectors.set(key, connector);
  }
  return connectors;
}

function isServed(change: Change): boolean {
  const { action, notes } = change;
  if (action === 'unchanged') return notes.some((note) => note.code.startsWith('removed-key'));
  return action === 'create' || action === 'update' || action === 'move' || action === 'adopt';
}

/** Catalogue entry of one connector; undefined when it is not known or may not be read. */
export async function readConnector(key: string, reader: PlatformReader): Promise<Connector | undefined> {
  try {
    return await reader.readConnector(key);
  } catch (error) {
    if (error instanceof PlatformError && error.status === 403) return undefined;
    throw error;
  }
}
