/** Why a place that holds secrets gives none. */
export interface ProviderFault {
  /** `vault-sealed` */
  readonly code: string;
  /** Sentences; never holds a secret. */
  readonly detail: string;
  /** The next step; a command to copy stands alone on its line. */
  readonly hint?: string | undefined;
}
