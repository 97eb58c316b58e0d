import { type Diagnostic, isError } from '../../model/diagnostic.ts';

/** Of a folder that is not there, which is no file. */
const missingFolder = 'no-instances-folder';

/** `3 errors, 1 warning in 2 files`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(isError).length;
  const warnings = diagnostics.length - errors;
  const files = new Set(
    diagnostics.flatMap(({ at, code }) => (at === undefined || code === missingFolder ? [] : [at.file])),
  ).size;
  const counts = [count(errors, 'error'), count(warnings, 'warning')].filter((text) => text !== '');
  return `${counts.join(', ')}${files === 0 ? '' : ` in ${count(files, 'file')}`}`;
}

function count(number: number, noun: string): string {
  return number === 0 ? '' : `${number} ${noun}${number === 1 ? '' : 's'}`;
}
