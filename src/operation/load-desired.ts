import type { DesiredInstance } from '../model/desired.ts';
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Environment } from '../model/environment.ts';
import type { PlanSelection } from '../model/plan.ts';
import { withheldSecrets } from '../secret/environment-secrets.ts';
import { checkOnly } from './check-selection.ts';
import { lacksCredentials, readCredentials } from './credentials.ts';
import { endUnloaded, loadDefinitions, type LoadedDefinitions, type LoadOptions } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import { resolveDesired, resolveInTurns, resolveWithheld } from './resolve-definitions.ts';
import type { OperationResult } from './result.ts';

/** Whether to do without the values of secrets. */
export interface WithholdOption {
  /** True: no value of a secret is looked at, wherever it is kept, so that none has to be set. Nothing can be applied then. */
  readonly withholdSecrets?: boolean | undefined;
}

/** What the definitions want of the chosen environment. */
export interface LoadedDesired {
  readonly loaded: LoadedDefinitions;
  readonly desired: readonly DesiredInstance[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads, checks and resolves the definitions of the chosen environment; or how that ended. Asks the platform nothing. */
export async function loadDesired(
  ports: OperationPorts,
  target: OperationTarget,
  options: PlanSelection & Pick<LoadOptions, 'secretSource' | 'strict' | 'secretsRead'> & WithholdOption,
): Promise<LoadedDesired | { readonly result: OperationResult }> {
  // Without the platform there is nothing else to do: whoever reads it has to know of every gap.
  const unsetBlocks = options.secretSource === undefined;
  // Secrets that come from elsewhere are those of an offline plan, which needs no credentials.
  const isBare = (environment: Environment): boolean =>
    options.secretSource === undefined && lacksCredentials(environment, ports);
  const loading = await loadDefinitions(ports, target, {
    secretSource: options.withholdSecrets === true ? withheldSecrets : options.secretSource,
    unsetBlocks,
    strict: options.strict,
    checkSecrets: (environment) => !isBare(environment),
    secretsRead: options.secretsRead,
  });
  if (!loading.ok) return { result: endUnloaded(loading.diagnostics, ports, target) };
  const loaded = loading.value;
  const { directory } = loaded.workspace;
  const files = loaded.files.length;
  if (hasErrors(loaded.diagnostics)) {
    return { result: { kind: 'checked', diagnostics: loaded.diagnostics, files, directory } };
  }
  if (isBare(loaded.environment)) readCredentials(loaded, ports);
  const desired =
    options.withholdSecrets === true
      ? resolveWithheld(loaded)
      : unsetBlocks
        ? await resolveInTurns(loaded, ports.giveWay)
        : resolveDesired(loaded);
  const diagnostics = [...loaded.diagnostics, ...desired.diagnostics];
  if (!desired.ok) return { result: { kind: 'checked', diagnostics, files, directory } };
  checkOnly(options, desired.value, loaded.environment.name);
  return { loaded, desired: desired.value, diagnostics };
}
