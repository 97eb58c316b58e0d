/** One configuration entry of a connector (platform-api §8). */
export interface ConnectorEntry {
  readonly key: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly defaultValue?: string | undefined;
  /** `TEXTFIELD_32`, `PASSWORD`, `BOOLEAN`, `COMBO`, ... */
  readonly type: string;
  /** Means "must have a value after defaults", and only in its group (platform-api §8). */
  readonly required: boolean;
  readonly options?: readonly { readonly value: string; readonly description?: string | undefined }[] | undefined;
  readonly groupControl: boolean;
  readonly groupName?: string | undefined;
  readonly internal: boolean;
  readonly hideFromConsole: boolean;
}

/** What the catalogue knows of a connector. */
export interface Connector {
  readonly id?: string | undefined;
  readonly key: string;
  readonly name: string;
  readonly hub?: string | undefined;
  readonly authentication?: string | undefined;
  /** The platform itself says that an instance can be made without any grant: it lists what `providerData` may hold, and requires none of it. */
  readonly needsNoGrant?: true | undefined;
  readonly entries: readonly ConnectorEntry[];
}
