import type { Diagnostic } from '../../model/diagnostic.ts';
import { renderAnnotation, toAnnotation } from './annotation.ts';

interface DiagnosticsGithubOptions {
  /** Path of the workspace folder below the root of the repository, with `/` at its end; GitHub counts from the root. */
  readonly pathPrefix?: string | undefined;
}

/** Diagnostics as workflow commands: GitHub shows each on its line of the file. One line each. */
export function renderDiagnosticsGithub(
  diagnostics: readonly Diagnostic[],
  { pathPrefix = '' }: DiagnosticsGithubOptions = {},
): string {
  return diagnostics.map((diagnostic) => `${renderAnnotation(toAnnotation(diagnostic, pathPrefix))}\n`).join('');
}
