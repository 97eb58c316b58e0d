import { loadWorkspace, selectEnvironment } from '../config/load-workspace.ts';
import { type Checked, hasErrors } from '../model/diagnostic.ts';
import { UserError } from '../model/user-error.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';

/** Which environments a command that only reads is to look at, as the command line says it. */
export interface WantedEnvironments {
  /** `--env dev,stage`; one name or several, separated by commas. */
  readonly env?: string | undefined;
  /** `--all-environments`: every one of the workspace file, in its order. */
  readonly allEnvironments?: boolean | undefined;
}

/** Whether more than one environment may be meant: then the result is one of several, even where the workspace has only one. */
export function wantsSeveral({ env = '', allEnvironments = false }: WantedEnvironments): boolean {
  return allEnvironments || env.includes(',');
}

/**
 * The names of the environments, each once, in the order in which they were given. A name that the workspace does not have is an error before
 * anything is done for the others. Throws a UserError of kind `invalid` when the options contradict each other or name none.
 */
export async function chooseEnvironments(
  wanted: WantedEnvironments,
  { cwd }: Pick<OperationPorts, 'cwd'>,
  { configFile }: OperationTarget,
): Promise<Checked<readonly string[]>> {
  const names = namesOf(wanted);
  const loaded = await loadWorkspace({ cwd, configFile });
  if (!loaded.ok) return loaded;
  if (names === 'all')
    return { ok: true, value: [...loaded.value.environments.keys()], diagnostics: loaded.diagnostics };
  const diagnostics = names.flatMap((name) => selectEnvironment(loaded.value, name).diagnostics);
  return hasErrors(diagnostics)
    ? { ok: false, diagnostics }
    : { ok: true, value: names, diagnostics: loaded.diagnostics };
}

function namesOf({ env, allEnvironments = false }: WantedEnvironments): readonly string[] | 'all' {
  if (allEnvironments && env !== undefined) {
    throw new UserError('usage', '--env and --all-environments contradict each other.', {
      kind: 'invalid',
      hint: 'Name the environments, or take all of them.',
    });
  }
  if (allEnvironments) return 'all';
  const names = splitNames(env ?? '');
  if (names.length > 0) return names;
  throw new UserError('usage', '--env names no environment.', {
    kind: 'invalid',
    hint: 'Names are separated by commas: --env dev,stage',
  });
}

function splitNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
