/**
 * An instance as the sandbox keeps it. Values stand in clear: they are sandbox-only.
 * Never changed in place, so that what is derived from it can be remembered.
 */
export interface StoredInstance {
  readonly id: number;
  readonly token: string;
  /** Key of the connector. */
  readonly connector: string;
  readonly name: string;
  readonly tags: readonly string[];
  /** What was sent and what provisioning added; defaults come from the catalogue when it is read. */
  readonly configuration: Readonly<Record<string, string | null>>;
  /** ISO 8601. */
  readonly createdDate: string;
  readonly disabled: boolean;
  readonly valid: boolean;
  readonly externalAuthentication: 'none' | 'initial';
  /** Since the provider took the consent back: how often the platform could not renew the tokens. Absent: it can. */
  readonly failedRefreshes?: number | undefined;
}

/** A formula instance that uses element instances (platform-api §12). */
export interface StoredFormulaInstance {
  readonly id: number;
  readonly name: string;
  readonly formulaId: number;
  readonly formulaName: string;
  readonly active: boolean;
  /** Values of type `elementInstance` are instance ids as text. */
  readonly configuration: Readonly<Record<string, string>>;
}
