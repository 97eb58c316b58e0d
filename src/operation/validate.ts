import type { Diagnostic } from '../model/diagnostic.ts';
import { definitionsFolder } from '../model/environment.ts';
import type { OperationResult } from './result.ts';
import { countWarnings, endUnloaded, loadDefinitions, type LoadOptions } from './load-definitions.ts';
import { resolveDesired } from './resolve-definitions.ts';
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
  const named = options.files ?? [];
  const wanted = new Set(files);
  const diagnostics = keepNamed([...loaded.diagnostics, ...resolved], named, wanted);
  const silenced = keepNamed(loaded.value.silenced, named, wanted);
  return {
    kind: 'checked',
    diagnostics: options.strict === true ? countWarnings(diagnostics) : diagnostics,
    silenced,
    files: files.length,
    checkedFiles: files,
    directory: workspace.directory,
  };
}

/** With files named, nothing about other definitions; what concerns the workspace, or no file at all, concerns every one. */
function keepNamed<T extends Diagnostic>(
  diagnostics: readonly T[],
  named: readonly string[],
  wanted: ReadonlySet<string>,
): readonly T[] {
  if (named.length === 0) return diagnostics;
  const concerns = ({ at, related = [] }: T) =>
    at === undefined || !isDefinition(at.file) || wanted.has(at.file) || related.some((one) => wanted.has(one.at.file));
  return diagnostics.filter((diagnostic) => concerns(diagnostic));
}

function isDefinition(file: string): boolean {
  return file.startsWith(`${definitionsFolder}/`);
}
