import { exitCode } from '../../operation/ending.ts';
import { validate } from '../../operation/validate.ts';
import type { FlowEnd, Scene } from '../scene.ts';
import { renderChecked, showDiagnostics } from './show-ending.ts';

/** Checks the definitions. Asks no platform; offline, it does not ask whether secrets are set either. */
export async function validateFlow(scene: Scene): Promise<FlowEnd> {
  const { ports, target, log, run } = scene;
  const ending = await validate(ports, target, { checkSecrets: run.access === 'online' });
  showDiagnostics(ending, scene);
  if (ending.kind === 'checked') log.print(renderChecked(ending));
  return { code: exitCode(ending), outputs: {} };
}
