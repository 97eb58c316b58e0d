import { quoteWord } from '../model/shell-word.ts';
import { renderConnectorFile } from '../catalogue/connector-file.ts';
import type { Connector } from '../model/connector.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { connectorFile } from '../model/environment.ts';
import type { OwnedInstance } from '../model/live.ts';
import { nearestName } from '../model/nearest-name.ts';
import type { Change } from '../model/plan.ts';
import { PlatformError, type PlatformReader } from '../model/platform.ts';
import type { Secret } from '../model/secret.ts';
import { runBounded } from '../model/run-bounded.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { hideInConnector } from './hide-in-connector.ts';

/** The catalogue of a platform, each connector of which is asked for once. */
export interface ConnectorSource {
  /** Those that the platform shows, by key, and the keys that it does not have. What it refuses to show is neither. */
  readAll(keys: Iterable<string>): Promise<ReadConnectors>;
  /** Why the platform refused to show one, if it did: one clause for all. */
  readonly refusal: () => string | undefined;
}

export interface ReadConnectors {
  readonly known: ReadonlyMap<string, Connector>;
  readonly missing: ReadonlySet<string>;
}

type Answer = Connector | 'missing' | 'refused';

/** @param concurrency requests at the same time */
export function openConnectorSource(reader: PlatformReader, concurrency: number): ConnectorSource {
  const asked = new Map<string, Promise<Answer>>();
  let refusal: string | undefined;

  const ask = async (key: string): Promise<Answer> => {
    try {
      return (await reader.readConnector(key)) ?? 'missing';
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusal ??= error.message;
      return 'refused';
    }
  };
  return {
    readAll: async (keys) => {
      const known = new Map<string, Connector>();
      const missing = new Set<string>();
      const wanted = [...new Set(keys)].toSorted();
      await runBounded(wanted, concurrency, async (key) => {
        const answer = asked.get(key) ?? ask(key);
        asked.set(key, answer);
        const connector = await answer;
        if (connector === 'missing') missing.add(key);
        else if (connector !== 'refused') known.set(key, connector);
      });
      return { known, missing };
    },
    refusal: () => refusal,
  };
}

/** Without the privilege to see connectors (platform-api §2: `viewElements`), or while the catalogue is down, a plan says less and nothing wrong. */
function isRefusal(error: unknown): error is PlatformError {
  return error instanceof PlatformError && (error.status === 403 || (error.status ?? 0) >= 500);
}

/**
 * Whether more has to be known of the connector of a change: its entries hold the defaults of removed keys and which values are passwords, and a new instance needs its
 * connector to be there. One whose instances all are as they should be is not asked for.
 */
export function isServed({ action, notes }: Change): boolean {
  // Of one that is off it has to be known whether a person has to log in again.
  if (action === 'unchanged')
    return notes.some(({ code }) => code.startsWith('removed-key') || code === 'disabled' || code === 'invalid');
  return ['create', 'update', 'move', 'adopt', 'remember', 'authorize', 'reauthorize', 'replace'].includes(action);
}

/**
 * Connectors that a platform does not have, in small letters, each with the key that was probably meant, or null. An instance is proof that its connector is there,
 * whatever the catalogue shows to these credentials.
 */
export async function nameMissing(
  missing: ReadonlySet<string>,
  live: readonly OwnedInstance[],
  directory: string,
): Promise<ReadonlyMap<string, string | null>> {
  const used = new Map(live.map(({ connector }) => [connector.toLowerCase(), connector]));
  const absent = [...missing].filter((key) => !used.has(key.toLowerCase()));
  if (absent.length === 0) return new Map();
  const { catalogue } = await loadCatalogue(directory, new Set(absent));
  const others = [...used.values(), ...(catalogue?.keys ?? [])].filter((key) => !missing.has(key));
  return new Map(
    absent.map((key) => [
      key.toLowerCase(),
      nearestName(key, others) ?? catalogue?.meant(key).find((one) => !missing.has(one)) ?? null,
    ]),
  );
}

/** What `catalog pull` would write anew: the pulled connectors among those in use of which the platform says something else today. */
export async function findOutdated(
  source: ConnectorSource,
  pulled: readonly Connector[],
  given: readonly Secret[],
): Promise<readonly Diagnostic[]> {
  if (pulled.length === 0) return [];
  const { known } = await source.readAll(pulled.map(({ key }) => key));
  const hide = hideInConnector(given);
  return pulled.flatMap((connector) => {
    const { key } = connector;
    const now = known.get(key);
    if (now === undefined) return [];
    return renderConnectorFile({ ...hide(now), key }) === renderConnectorFile(connector) ? [] : [outdated(key)];
  });
}

function outdated(key: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'outdated-connector-file',
    message: 'Pulled connector is out of date',
    detail: `The platform says something else about the connector \`${key}\` than this file, which \`validate\` and editors believe.`,
    hint: `Write it anew and look at the difference:\nconnectorctl catalog pull ${quoteWord(key)}`,
    at: { file: connectorFile(key), line: 1, column: 1 },
  };
}
