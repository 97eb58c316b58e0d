/** Why a place that holds secrets gives none. */
export interface ProviderFault {
  /** `vault-sealed` */
  readonly code: string;
  /** Sentences; never holds a secret. */
  readonly detail: string;
  /** The next step; a command to copy stands alone on its line. */
  readonly hint?: string | undefined;
}

/** A place that gives none, as a result. */
export interface Refused {
  readonly ok: false;
  readonly fault: ProviderFault;
}

/** Refuses with a code, why, and the next step. */
export function refuse(code: string, detail: string, hint?: string): Refused {
  return { ok: false, fault: { code, detail, hint } };
}
