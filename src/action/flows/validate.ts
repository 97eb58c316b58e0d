import { exitCode } from '../../operation/exit-code.ts';
import type { OperationResult } from '../../operation/result.ts';
import { validate } from '../../operation/validate.ts';
import { toAnnotation } from '../../report/diagnostics/annotation.ts';
import { countSilenced } from '../../report/diagnostics/render-silenced.ts';
import type { FlowContext, FlowResult } from '../flow-context.ts';
import { pathPrefixOf } from '../report-context.ts';

/** Checks the definitions without asking the platform; offline, it does not ask whether secrets are set either. */
export async function validateFlow(flow: FlowContext): Promise<FlowResult> {
  const { inputs, ports, target, log, run } = flow;
  const result = await validate(ports, target, { checkSecrets: run.access === 'online', strict: inputs.strict });
  const pathPrefix = pathPrefixOf(flow, result);
  log.annotate(result.diagnostics.map((diagnostic) => toAnnotation(diagnostic, pathPrefix)));
  if (result.kind === 'checked') log.print(renderChecked(result));
  return { code: exitCode(result), outputs: {} };
}

function renderChecked({ files, diagnostics, silenced = [] }: Extract<OperationResult, { kind: 'checked' }>): string {
  const count = countSilenced(silenced);
  if (diagnostics.length === 0) return `${files} ${files === 1 ? 'file' : 'files'} checked, no problems${count}.`;
  return `${diagnostics.length} ${diagnostics.length === 1 ? 'problem' : 'problems'} found${count}. Nothing was sent.`;
}
