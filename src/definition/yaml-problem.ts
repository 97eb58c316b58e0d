import type { Diagnostic } from '../model/diagnostic.ts';
import type { TextLines } from './text-lines.ts';

/** Something wrong in a YAML text, placed by offsets (UTF-16 code units, end exclusive). */
export interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly detail: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
  /** Another place that belongs to it. */
  readonly related?: { readonly message: string; readonly start: number; readonly end: number };
}

/** The same problem as a person reads it: with line and column. */
export function toDiagnostic(problem: YamlProblem, lines: TextLines): Diagnostic {
  const { code, message, detail, hint, start, end, related } = problem;
  return {
    severity: 'error',
    code,
    message,
    detail,
    at: lines.position(start, end),
    ...(hint === undefined ? {} : { hint }),
    ...(related && {
      related: [{ message: related.message, at: lines.position(related.start, related.end) }],
    }),
  };
}
