import { exitCode } from '../../operation/result.ts';
import { validate } from '../../operation/validate.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { renderChecked, showDiagnostics } from './show-result.ts';

/** Checks the definitions. Asks no platform; offline, it does not ask whether secrets are set either. */
export async function validateFlow(scene: Scene): Promise<FlowEnd> {
  const { ports, target, log, run } = scene;
  const result = await validate(ports, target, { checkSecrets: run.access === 'online' });
  showDiagnostics(result, scene);
  if (result.kind === 'checked') log.print(renderChecked(result));
  return { code: exitCode(result), outputs: {} };
}
