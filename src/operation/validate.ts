import type { Diagnostic } from '../model/diagnostic.ts';
import type { OperationResult } from './result.ts';
import { endUnloaded, loadDefinitions, type LoadOptions, resolveDesired } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';

/** Checks all definitions without asking the platform anything. */
export async function validate(
  ports: OperationPorts,
  target: OperationTarget,
  options: LoadOptions,
): Promise<OperationResult> {
  const loaded = await loadDefinitions(ports, target, { ...options, judgeHost: true, isOffline: true });
  if (!loaded.ok) return endUnloaded(loaded.diagnostics, ports, target);
  const { areSecretsKnown, definitions, files, workspace } = loaded.value;
  const isResolvable = areSecretsKnown && definitions.length > 0;
  const resolved = isResolvable ? resolveDesired(loaded.value).diagnostics : [];
  const diagnostics = keepNamed([...loaded.diagnostics, ...resolved], options.files ?? [], files);
  return { kind: 'checked', diagnostics, files: files.length, directory: workspace.directory };
}

/** With files named, only what concerns them; and what concerns no file at all. */
function keepNamed(
  diagnostics: readonly Diagnostic[],
  named: readonly string[],
  files: readonly string[],
): readonly Diagnostic[] {
  if (named.length === 0) return diagnostics;
  const wanted = new Set(files);
  const concerns = ({ at, related = [] }: Diagnostic) =>
    at === undefined || wanted.has(at.file) || related.some((one) => wanted.has(one.at.file));
  return diagnostics.filter((diagnostic) => concerns(diagnostic));
}
