import type { Connector, ConnectorEntry } from '../../src/model/connector.ts';
import type { DesiredInstance, DesiredValue } from '../../src/model/desired.ts';
import type { OwnedInstance, Owner } from '../../src/model/live.ts';
import { fromPointer } from '../../src/model/position.ts';
import { Secret } from '../../src/model/secret.ts';

type ConfigurationOf<T> = Readonly<Record<string, T>>;

/** The workspace that owns what `aLive` makes. */
export const workspace = 'acme';

/** Its environment. */
export const environment = 'production';

export interface DesiredOptions extends Partial<
  Omit<DesiredInstance, 'configuration' | 'providerData' | 'ignore' | 'at'>
> {
  readonly configuration?: ConfigurationOf<DesiredValue>;
  readonly providerData?: ConfigurationOf<string | Secret>;
  readonly ignore?: readonly string[];
}

/** A definition of a ShareFile instance. Its fields stand on line 2 and, by configuration key, from line 10 on. */
export function aDesired(options: DesiredOptions = {}): DesiredInstance {
  const { configuration = {}, providerData = {}, ignore = [], key = 'sharefile', ...rest } = options;
  const file = `instances/${key}.yaml`;
  const keys = Object.keys(configuration).toSorted();
  return {
    key,
    connector: 'sharefile',
    name: 'ShareFile',
    missingProviderData: [],
    protect: false,
    source: { file, line: 1, column: 1 },
    ...rest,
    configuration: new Map(Object.entries(configuration)),
    providerData: new Map(Object.entries(providerData)),
    ignore: new Set(ignore),
    at: (pointer) => {
      const [parent, name = ''] = fromPointer(pointer);
      return { file, line: parent === 'configuration' ? 10 + keys.indexOf(name) : 2, column: 1 };
    },
  };
}

export interface LiveOptions extends Partial<Omit<OwnedInstance, 'configuration' | 'tags' | 'owner'>> {
  readonly configuration?: ConfigurationOf<string | Secret | null>;
  /** Null: owned by nobody. */
  readonly owner?: OwnedInstance['owner'] | null;
}

/** A live ShareFile instance, owned by the definition `sharefile` unless told otherwise, without a memory. */
export function aLive(options: LiveOptions = {}): OwnedInstance {
  const { configuration = {}, owner = { workspace, environment, key: 'sharefile' }, userTags = [], ...rest } = options;
  const ownTags = owner === null ? [] : toOwnTags(owner);
  return {
    id: '1',
    connector: 'sharefile',
    name: 'ShareFile',
    disabled: false,
    ...rest,
    tags: [...userTags, ...ownTags],
    userTags,
    configuration: new Map(Object.entries(configuration)),
    ...(owner === null ? {} : { owner }),
  };
}

function toOwnTags(owner: Owner): readonly string[] {
  const tag = `connectorctl/${owner.workspace}/${owner.environment}`;
  return owner.key === undefined ? [tag] : [tag, `${tag}/${owner.key}`];
}

/** A catalogue entry, by default a text without a default value. */
export function anEntry(entry: Partial<ConnectorEntry> & Pick<ConnectorEntry, 'key'>): ConnectorEntry {
  return {
    name: entry.key,
    type: 'TEXTFIELD_128',
    required: false,
    groupControl: false,
    internal: false,
    hideFromConsole: false,
    ...entry,
  };
}

/** What the catalogue knows of a connector. */
export function aConnector(key: string, entries: readonly ConnectorEntry[] = []): Connector {
  return { key, name: key, entries };
}

/** A secret that came from `secrets.NAME`. */
export function aSecret(text: string, name = 'NAME'): Secret {
  return new Secret(text, `secrets.${name}`);
}
