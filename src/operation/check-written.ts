import type { Diagnostic } from '../model/diagnostic.ts';
import { loadDefinitions } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';

/**
 * What there is to say about definitions that were just written, now that they stand among all others. References that are to be set are
 * told in another way.
 * @param files relative to the workspace folder
 */
export async function checkWritten(
  files: readonly string[],
  ports: OperationPorts,
  target: OperationTarget,
): Promise<readonly Diagnostic[]> {
  if (files.length === 0) return [];
  const written = new Set(files);
  // What is read here was read before: nobody is told again.
  const { diagnostics } = await loadDefinitions({ ...ports, notice: () => {} }, target, { checkSecrets: false });
  return diagnostics.filter(({ code, at }) => at !== undefined && written.has(at.file) && code !== 'unset-reference');
}
