import { type ExitCode, exitCode } from '../operation/exit-code.ts';
import type { OperationResult } from '../operation/result.ts';
import { type PresentOptions, renderGap } from './present-problems.ts';
import { presentText } from './present-text.ts';

/** Writes the end of a command in the wanted format and answers the exit code. */
export async function presentResult(result: OperationResult, options: PresentOptions): Promise<ExitCode> {
  const { command, commands, format, terminal } = options;
  const code = exitCode(result, { detailed: options.detailed });
  if (result.kind === 'applied' && result.recordGap !== undefined) terminal.err(renderGap(result.recordGap));
  if (format === 'json') {
    const { describeResult, toDocument } = await import('./describe-result.ts');
    terminal.out(toDocument(command, code, describeResult(result, commands)));
  } else {
    await presentText(result, options);
  }
  return code;
}
