import picocolors from 'picocolors';
import { hasErrors } from '../model/diagnostic.ts';
import { visible } from '../model/visible.ts';
import { type ExitCode, exitCode, worstExitCode } from '../operation/exit-code.ts';
import type { OperationResult } from '../operation/result.ts';
import { type PresentOptions, renderProblems } from './present-problems.ts';
import { completeSetUp, presentText } from './present-text.ts';
import { displayOptions } from './terminal.ts';

/** How a command ended for one of several environments. */
export interface EnvironmentResult {
  readonly environment: string;
  readonly result: OperationResult;
}

/** A result, and how it is presented. */
interface Presented extends EnvironmentResult {
  readonly options: PresentOptions;
}

/** Writes how a command ended for several environments, as one document, and answers the worst exit code. */
export async function presentEach(
  results: readonly Presented[],
  { command, format, terminal }: Pick<PresentOptions, 'command' | 'format' | 'terminal'>,
): Promise<ExitCode> {
  const codes = results.map(({ result, options }) => exitCode(result, options));
  const code = worstExitCode(codes);
  if (format === 'json') {
    const { describeResult, toDocument } = await import('./describe-result.ts');
    const environments = results.map(({ environment, result, options }, index) => ({
      environment,
      exitCode: codes[index],
      ...describeResult(result, options.commands),
    }));
    terminal.out(toDocument(command, code, { diagnostics: [], environments }));
    return code;
  }
  const rest = format === 'text' ? await presentSideBySide(withoutRepeats(results)) : results;
  for (const { environment, result, options } of rest) {
    if (format === 'text')
      headOf(
        result,
        options,
      )(renderHead(environment, { color: options.terminal.outColor && options.terminal.errColor }));
    await presentText(result, options);
  }
  return code;
}

/** What definitions are warned of is most often the same in each environment, and is told once. What a result counts and lists itself stays whole. */
function withoutRepeats(results: readonly Presented[]): readonly Presented[] {
  const told = new Set<string>();
  return results.map((one) => {
    const { result } = one;
    if (result.kind !== 'planned' && result.kind !== 'drifted' && result.kind !== 'status' && result.kind !== 'secrets')
      return one;
    const marks = result.diagnostics.map((diagnostic) => JSON.stringify(diagnostic));
    const diagnostics = result.diagnostics.filter((_, index) => !told.has(marks[index] ?? ''));
    for (const mark of marks) told.add(mark);
    return { ...one, result: { ...result, diagnostics } };
  });
}

/** What can be compared from column to column is shown at once. Answers what cannot. */
async function presentSideBySide(results: readonly Presented[]): Promise<readonly Presented[]> {
  const statuses = results.flatMap(({ result }) => (result.kind === 'status' ? [result.status] : []));
  const setUps = results.flatMap(({ result, options }) =>
    result.kind === 'examined' ? [completeSetUp(result.setUp, options.commands)] : [],
  );
  for (const { result, options } of results) {
    if (result.kind === 'status') options.terminal.err(renderProblems(result.diagnostics, options));
  }
  const [first] = results;
  if (first === undefined) return results;
  const { terminal } = first.options;
  if (statuses.length > 0) {
    const { renderStatusesText } = await import('../report/status/render-status-text.ts');
    terminal.out(renderStatusesText(statuses, displayOptions(terminal)));
  }
  if (setUps.length > 0) {
    const { renderSetUpsText } = await import('../report/doctor/render-set-up-text.ts');
    terminal.out(renderSetUpsText(setUps, displayOptions(terminal)));
  }
  return results.filter(({ result }) => result.kind !== 'status' && result.kind !== 'examined');
}

/** The heading stands where the rest does: what went wrong is told where errors go. */
function headOf(result: OperationResult, { terminal }: PresentOptions): (text: string) => void {
  const isProblem = result.kind === 'stopped' || (result.kind === 'checked' && hasErrors(result.diagnostics));
  return isProblem ? terminal.err : terminal.out;
}

/** The heading of an environment among several. */
export function renderHead(environment: string, { color }: { readonly color: boolean }): string {
  const { bold } = picocolors.createColors(color);
  return `\n${bold(`── ${visible(environment)} ──`)}\n`;
}
