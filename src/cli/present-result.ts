import { asJson, type Json } from '../model/json.ts';
import { PlatformError } from '../model/platform.ts';
import type { UserError } from '../model/user-error.ts';
import { type ExitCode, exitCode, type OperationResult } from '../operation/result.ts';
import { toDiagnosticsJson } from '../report/diagnostics/render-json.ts';
import { renderHistoryJson } from '../report/history/render-history-json.ts';
import { explainPlan, toPrintableJson } from '../report/plan/render-plan-json.ts';
import { renderResultJson } from '../report/result/render-result-json.ts';
import { type PresentOptions, presentText, renderGap } from './present-text.ts';

/** Writes the end of a command in the wanted format and answers the exit code. */
export function presentResult(result: OperationResult, options: PresentOptions): ExitCode {
  const code = exitCode(result, { detailed: options.detailed });
  if (result.kind === 'applied' && result.recordGap !== undefined) options.terminal.err(renderGap(result.recordGap));
  if (options.format === 'json') options.terminal.out(toPrintableJson(buildEnvelope(result, options.command, code)));
  else presentText(result, options);
  return code;
}

/** What every command prints with --format json: one document of one shape. What is undefined is left out. */
function buildEnvelope(result: OperationResult, command: string, code: ExitCode): Json {
  const diagnostics = toDiagnosticsJson(result.diagnostics);
  return asJson({ formatVersion: '1.0', command, exitCode: code, diagnostics, ...contentOf(result) });
}

function contentOf(result: OperationResult): Readonly<Record<string, unknown>> {
  switch (result.kind) {
    case 'checked':
      return { files: result.files };
    case 'planned':
      return { plan: explainPlan(result.plan), error: result.refusal && { code: 'refused', ...result.refusal } };
    case 'drifted':
      return { plan: explainPlan(result.plan), accepted: result.accepted };
    case 'imported':
      return { definitions: result.definitions, result: result.applied && renderResultJson(result.applied) };
    case 'applied': {
      const { plan, applied, recordGap } = result;
      return { plan: explainPlan(plan), result: renderResultJson(applied), recordGap };
    }
    case 'declined': {
      const { plan, message, hint } = result;
      return { plan: explainPlan(plan), error: { code: 'declined', message, hint } };
    }
    case 'converted':
      return { definitions: result.definitions };
    case 'explained':
      return { connector: result.page };
    case 'listed':
      return { connectors: result.connectors };
    case 'initialized':
      return { files: result.files, additions: result.additions, environments: result.environments };
    case 'history':
      return { history: renderHistoryJson(result.history) };
    case 'stopped':
      return { error: describeError(result.error) };
    default:
      return result satisfies never;
  }
}

function describeError(error: UserError): Readonly<Record<string, unknown>> {
  const { requestId, status } = error instanceof PlatformError ? error : {};
  return { code: error.code, message: error.message, hint: error.hint, requestId, status };
}
