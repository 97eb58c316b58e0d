import type { Connector, ConnectorEntry } from '../../model/connector.ts';

export type Authentication = 'basic' | 'custom' | 'oauth1' | 'oauth2';

/** An entry of a connector, with options that are handed on whole. */
export interface SandboxEntry extends Omit<ConnectorEntry, 'description' | 'defaultValue' | 'options' | 'groupName'> {
  readonly description?: string | undefined;
  readonly defaultValue?: string | undefined;
  readonly options?: readonly { readonly value: string }[] | undefined;
  readonly groupName?: string | undefined;
  /** The value comes back under this key instead of its own (platform-api §7, ShareFile). */
  readonly comesBackAs?: string | undefined;
  /** The value never comes back at all (platform-api §7, ShareFile). */
  readonly neverReturned?: boolean | undefined;
}

/** What the sandbox knows of a connector. */
export interface SandboxConnector {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly hub: string;
  readonly authentication: Authentication;
  /** False: an instance is made without a grant although the connector speaks OAuth, as some documented bodies have none. */
  readonly needsGrant: boolean;
  /** What the real catalogue says of it, where that is known. */
  readonly source?: Connector | undefined;
  /** Keys that are asked for and that an instance is made without all the same, as a documented body shows. */
  readonly mayLack?: readonly string[] | undefined;
  readonly entries: readonly SandboxEntry[];
  readonly entryByKey: ReadonlyMap<string, SandboxEntry>;
  /** Keys that others come back as, with the entry whose value they hold. */
  readonly entryByAlias: ReadonlyMap<string, SandboxEntry>;
  /** Values of the keys that are not sent, in the order of the entries. */
  readonly defaults: Readonly<Record<string, string | null>>;
}

interface ConnectorOptions {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly hub: string;
  readonly authentication: Authentication;
  /** Default: true for OAuth. */
  readonly needsGrant?: boolean;
}

/** Puts a connector together from groups of entries; a later entry replaces an earlier one with the same key. */
export function connector(
  options: ConnectorOptions,
  ...groups: readonly (readonly SandboxEntry[])[]
): SandboxConnector {
  const entryByKey = new Map(groups.flat().map((declared) => [declared.key, declared]));
  const entries = [...entryByKey.values()];
  return {
    needsGrant: options.authentication.startsWith('oauth'),
    ...options,
    entries,
    entryByKey,
    entryByAlias: new Map(
      entries.flatMap((declared) => (declared.comesBackAs === undefined ? [] : [[declared.comesBackAs, declared]])),
    ),
    defaults: Object.fromEntries(entries.map((declared) => [declared.key, declared.defaultValue ?? null])),
  };
}
