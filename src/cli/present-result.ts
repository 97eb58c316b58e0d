import { asJson } from '../model/json.ts';
import { type ExitCode, exitCode, type OperationResult } from '../operation/result.ts';
import { type PresentOptions, renderGap } from './present-problems.ts';
import { presentText } from './present-text.ts';

/** Writes the end of a command in the wanted format and answers the exit code. */
export async function presentResult(result: OperationResult, options: PresentOptions): Promise<ExitCode> {
  const code = exitCode(result, { detailed: options.detailed });
  if (result.kind === 'applied' && result.recordGap !== undefined) options.terminal.err(renderGap(result.recordGap));
  if (options.format === 'json') await presentJson(result, options, code);
  else await presentText(result, options);
  return code;
}

/** What every command prints with --format json: one document of one shape. What is undefined is left out. */
async function presentJson(
  result: OperationResult,
  { command, commands, terminal }: PresentOptions,
  code: ExitCode,
): Promise<void> {
  const { describeResult } = await import('./describe-result.ts');
  const { toPrintableJson } = await import('../report/plan/render-plan-json.ts');
  const document = { formatVersion: '1.0', command, exitCode: code, ...describeResult(result, commands) };
  terminal.out(toPrintableJson(asJson(document)));
}
