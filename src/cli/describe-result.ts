import { nameLeftOut } from '../model/apply.ts';
import { asJson } from '../model/json.ts';
import { PlatformError } from '../model/platform.ts';
import type { UserError } from '../model/user-error.ts';
import type { ExitCode } from '../operation/exit-code.ts';
import type { AskedConsent, OperationResult, Refusal } from '../operation/result.ts';
import { toDiagnosticsJson, toSilencedJson } from '../report/diagnostics/render-json.ts';
import { describeVerdict } from '../report/events/render-verdict.ts';
import { renderHistoryJson } from '../report/history/render-history-json.ts';
import { type CommandContext, commandsAbout, completeDiagnostics, completeHint } from '../report/next-step.ts';
import { explainPlan, toPrintableJson } from '../report/plan/render-plan-json.ts';
import { renderResultJson } from '../report/result/render-result-json.ts';
import { completeSetUp } from './present-text.ts';

/** What every command prints with --format json: one document of one shape. What is undefined is left out. */
export function toDocument(command: string, code: ExitCode, content: object): string {
  return toPrintableJson(asJson({ formatVersion: '1.0', command, exitCode: code, ...content }));
}

/** What a document says of one result: its problems, and what it came to. */
export function describeResult(result: OperationResult, commands: CommandContext): object {
  const diagnostics = toDiagnosticsJson(completeDiagnostics(result.diagnostics, commands));
  return { diagnostics, ...contentOf(result, commands) };
}

function contentOf(result: OperationResult, commands: CommandContext): object {
  switch (result.kind) {
    case 'checked':
      return { files: result.files, silenced: result.silenced && toSilencedJson(result.silenced) };
    case 'planned':
      return {
        plan: explainPlan(result.plan, commands),
        unchanged: result.unchanged,
        silenced: result.silenced.length === 0 ? undefined : toSilencedJson(result.silenced),
        error: result.refusal && describeRefusal('refused', result.refusal, commandsAbout(result.plan, commands)),
      };
    case 'drifted':
      return { plan: explainPlan(result.plan, commands), accepted: result.accepted };
    case 'imported': {
      const { definitions, applied, stoppedBy } = result;
      const error = stoppedBy && describeError(stoppedBy, commands);
      return { definitions, result: applied && renderResultJson(applied, commands), error };
    }
    case 'applied': {
      const { plan, unchanged, applied, recordGap } = result;
      const done = renderResultJson(nameLeftOut(applied, plan), commandsAbout(plan, commands));
      return { plan: explainPlan(plan, commands), unchanged, result: done, recordGap };
    }
    case 'asked': {
      const { plan, requests } = result;
      const unasked = result.unasked.map(({ key, error }) => ({ key, ...describeError(error, commands) }));
      return { plan: explainPlan(plan, commands), requests: requests.map(toAskedJson), unasked };
    }
    case 'declined': {
      const { plan, unchanged } = result;
      const error = describeRefusal('declined', result, commandsAbout(plan, commands));
      return { plan: explainPlan(plan, commands), unchanged, error };
    }
    case 'converted':
      return { definitions: result.definitions };
    case 'pulled':
      return { connectors: result.connectors, editorFiles: result.editorFiles };
    case 'explained':
      return { connector: result.page };
    case 'listed':
      return { connectors: result.connectors };
    case 'secrets':
      return { environment: result.environment, secrets: result.secrets };
    case 'status':
      return result.status;
    case 'examined':
      return completeSetUp(result.setUp, commands);
    case 'initialized':
      return {
        files: result.files,
        additions: [...result.additions, ...result.editorAdditions],
        differences: result.differences,
        environments: result.environments,
      };
    case 'events':
      return { environment: result.environment, deliveries: result.deliveries };
    case 'verified':
      return { signature: describeVerdict(result) };
    case 'history':
      return { history: renderHistoryJson(result.history) };
    case 'stopped':
      return { error: describeError(result.error, commands) };
    default:
      return result satisfies never;
  }
}

/** Only what is for everybody: whoever asked may know more. */
function toAskedJson(one: AskedConsent): object {
  const { key, connector, name, purpose, id, kind, url, callback, expires } = one;
  return { key, connector, name, purpose, id, kind, url, callback, expires: new Date(expires).toISOString() };
}

function describeRefusal(code: string, { message, hint }: Refusal, commands: CommandContext): object {
  return { code, message, hint: completeHint(hint, commands) };
}

function describeError(error: UserError, commands: CommandContext): Readonly<Record<string, unknown>> {
  const { requestId, status } = error instanceof PlatformError ? error : {};
  const hint = error.hint === undefined ? undefined : completeHint(error.hint, commands);
  return { code: error.code, message: error.message, hint, requestId, status };
}
