import type { Position } from './position.ts';

/** A problem in what the user wrote. Collected, never thrown; all of them are reported at once. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable name of the rule, kebab-case: `unknown-field`. */
  readonly code: string;
  /** What is wrong, in few words and without names from the user's file: `Unknown field`. */
  readonly message: string;
  /** What exactly and why it matters, with the names, in full sentences. Never holds a secret. */
  readonly detail: string;
  /** What to do next. A command to copy stands alone on its line. */
  readonly hint?: string | undefined;
  readonly at?: Position | undefined;
  /** Other places that belong to it: where the first of two equal keys stands. */
  readonly related?: readonly { readonly message: string; readonly at: Position }[] | undefined;
}

/** A problem that a comment in the file silences. */
export interface SilencedDiagnostic extends Diagnostic {
  /** As the comment says. */
  readonly reason: string;
}

/** Either a value, perhaps with warnings, or at least one error. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Whether it is an error, and not a warning. */
export function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/** Whether any of the diagnostics is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(isError);
}
