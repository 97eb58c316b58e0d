import type { DesiredInstance } from '../model/desired.ts';
import type { Checked, Diagnostic } from '../model/diagnostic.ts';
import { resolveDefinition } from '../definition/resolve-definition.ts';
import type { LoadedDefinitions } from './load-definitions.ts';

/** What the chosen environment should hold: definitions for it, overrides merged, references resolved. Every problem at once. */
export function resolveDesired(loaded: LoadedDefinitions): Checked<readonly DesiredInstance[]> {
  const { values, diagnostics, complete } = resolveEach(loaded);
  return complete ? { ok: true, value: values, diagnostics } : { ok: false, diagnostics };
}

/** What of the definitions can be resolved. */
export interface ResolvedDefinitions {
  readonly values: readonly DesiredInstance[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when any definition could not be resolved. */
  readonly complete: boolean;
}

/** Resolves as many definitions of the chosen environment as possible. */
export function resolveEach(loaded: LoadedDefinitions): ResolvedDefinitions {
  const { environment, secrets, secretSource } = loaded;
  const resolved = loaded.definitions
    .filter((definition) => definition.environments?.includes(environment.name) ?? true)
    .map((definition) =>
      resolveDefinition(definition, { environment, secrets, describeSecret: (name) => secretSource.describe(name) }),
    );
  return {
    values: resolved.flatMap((checked) => (checked.ok ? [checked.value] : [])),
    diagnostics: resolved.flatMap((checked) => checked.diagnostics),
    complete: resolved.every((checked) => checked.ok),
  };
}
