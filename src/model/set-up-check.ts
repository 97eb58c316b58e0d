/** What `doctor` looks at, in the order in which it tells. */
export const setUpChecks = [
  'node',
  'workspace',
  'definitions',
  'secrets',
  'state-folder',
  'workflows',
  'action',
  'host',
  'credentials',
  'fingerprint-key',
  'connection',
  'clock',
  'account',
  'permissions',
  'catalogue',
] as const;

/** One thing that has to be right before a plan can be made and applied. */
export interface SetUpCheck {
  readonly name: (typeof setUpChecks)[number];
  /** `skipped`: it could not be looked at, because of what another check says. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was found, as a sentence. Never a value of a secret. */
  readonly message: string;
  /** What to do, a command alone on its line. Absent where nothing is to be done. */
  readonly hint?: string | undefined;
}

/** How the set-up of an environment is. */
export interface SetUp {
  /** Absent where none could be chosen. */
  readonly environment?: string | undefined;
  readonly checks: readonly SetUpCheck[];
}

/** Whether nothing can be planned or applied before it is put right. */
export function isBroken({ checks }: SetUp): boolean {
  return checks.some(({ status }) => status === 'failed');
}
