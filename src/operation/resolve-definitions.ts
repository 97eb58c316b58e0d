import { isSingleUse } from '../consent/grant.ts';
import { listElsewhere } from '../definition/list-elsewhere.ts';
import { resolveDefinition } from '../definition/resolve-definition.ts';
import { isWithheld } from '../model/canonical-value.ts';
import type { Definition } from '../model/definition.ts';
import type { DesiredElsewhere, DesiredInstance } from '../model/desired.ts';
import { type Checked, type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import { mapInTurns } from '../model/map-in-turns.ts';
import type { Position } from '../model/position.ts';
import { Secret, withheldSecret } from '../model/secret.ts';
import type { LoadedDefinitions } from './load-definitions.ts';

/** What the chosen environment should hold: definitions for it, overrides merged, references resolved. Every problem at once. */
export function resolveDesired(loaded: LoadedDefinitions): Checked<readonly DesiredInstance[]> {
  const { values, diagnostics, complete } = resolveEach(loaded);
  return complete ? { ok: true, value: values, diagnostics } : { ok: false, diagnostics };
}

type Resolved = ReturnType<typeof resolveDefinition>;

/** What of the definitions can be resolved. */
interface ResolvedDefinitions {
  readonly values: readonly DesiredInstance[];
  /** Those of which all that is wrong is what is not set. */
  readonly blocked: readonly DesiredInstance[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when any definition could not be resolved. */
  readonly complete: boolean;
}

/** The definitions that are not for the chosen environment, by key, each with the environments that it is for. */
export function listElsewhereOnly({
  definitions,
  environment,
}: LoadedDefinitions): ReadonlyMap<string, readonly string[]> {
  return new Map(
    definitions.flatMap(({ key, environments }) =>
      environments === undefined || environments.includes(environment.name) ? [] : [[key, environments] as const],
    ),
  );
}

/** Resolves as many definitions of the chosen environment as possible. */
export function resolveEach(loaded: LoadedDefinitions): ResolvedDefinitions {
  const { definitions, resolve } = openResolving(loaded);
  return sortResolved(definitions.map(resolve));
}

/** Those of the chosen environment, and how one of them is resolved. */
function openResolving({ definitions, environment, secrets, secretSource }: LoadedDefinitions): {
  readonly definitions: readonly Definition[];
  readonly resolve: (definition: Definition) => Resolved;
} {
  const context = { environment, secrets, describeSecret: (name: string) => secretSource.describe(name) };
  return {
    definitions: definitions.filter(({ environments }) => environments?.includes(environment.name) ?? true),
    resolve: (definition) => resolveDefinition(definition, context),
  };
}

function sortResolved(resolved: readonly Resolved[]): ResolvedDefinitions {
  return {
    values: resolved.flatMap((checked) => (checked.ok ? [checked.value] : [])),
    blocked: resolved.flatMap((one) => one.blocked ?? []),
    diagnostics: resolved.flatMap((checked) => checked.diagnostics),
    complete: resolved.every((checked) => checked.ok),
  };
}

/** The same definitions as they stand for other environments, where secrets stand on other lines there. */
export function resolveElsewhere({
  workspace,
  environment,
  definitions,
  secrets,
  secretSource,
}: LoadedDefinitions): readonly DesiredElsewhere[] {
  const context = { environment, secrets, describeSecret: (name: string) => secretSource.describe(name) };
  return listElsewhere(definitions, workspace.environments.values(), context);
}

/** The same where what is not set stops no more than the definitions that need it: they are there, and say what they lack. */
function resolveOrBlock(loaded: LoadedDefinitions): Checked<readonly DesiredInstance[]> {
  return orBlocked(resolveEach(loaded));
}

/** The same. @param giveWay called now and then, to let others go on */
export async function resolveInTurns(
  loaded: LoadedDefinitions,
  giveWay: (() => Promise<void>) | undefined,
): Promise<Checked<readonly DesiredInstance[]>> {
  const { definitions, resolve } = openResolving(loaded);
  return orBlocked(sortResolved(await mapInTurns(definitions, resolve, giveWay)));
}

function orBlocked({ values, blocked, diagnostics }: ResolvedDefinitions): Checked<readonly DesiredInstance[]> {
  const waiting = new Set(blocked.flatMap(({ unset = [] }) => unset.map(placeOf)));
  const others = diagnostics.filter(({ at }) => at === undefined || !waiting.has(placeOf(at)));
  return hasErrors(others)
    ? { ok: false, diagnostics: others }
    : { ok: true, value: [...values, ...blocked], diagnostics: others };
}

/**
 * What the definitions want where every secret is known by its name alone, whether it is set or not. A code that a provider gave counts as not set:
 * it works once, and a person brings it.
 */
export function resolveWithheld(loaded: LoadedDefinitions): Checked<readonly DesiredInstance[]> {
  const secrets = new Map([...loaded.secretNames].map((name) => [name, withheldSecret(`secrets.${name}`)] as const));
  const resolved = resolveOrBlock({ ...loaded, secrets });
  // The sandbox makes up a code that is not set.
  const isMadeUp = loaded.environment.platform === 'sandbox';
  return resolved.ok && !isMadeUp ? { ...resolved, value: resolved.value.map(forgetCodes) } : resolved;
}

function forgetCodes(desired: DesiredInstance): DesiredInstance {
  const codes = [...desired.providerData].filter(([name, value]) => isSingleUse(name) && isWithheld(value));
  if (codes.length === 0) return desired;
  const names = codes.flatMap(([, value]) => (value instanceof Secret ? value.origin.split(' + ') : []));
  const missing = names.map((name) => name.replace(/^secrets\./, ''));
  return {
    ...desired,
    providerData: new Map([...desired.providerData].filter(([name]) => !codes.some(([code]) => code === name))),
    missingProviderData: [...new Set([...desired.missingProviderData, ...missing])],
  };
}

function placeOf({ file, line, column }: Pick<Position, 'file' | 'line' | 'column'>): string {
  return `${file}:${line}:${column}`;
}
