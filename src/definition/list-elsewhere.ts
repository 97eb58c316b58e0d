import type { Definition } from '../model/definition.ts';
import type { DesiredElsewhere, DesiredValue } from '../model/desired.ts';
import type { Environment } from '../model/environment.ts';
import { isStructured, type Json } from '../model/json.ts';
import { applyOverride } from './merge-overrides.ts';
import { findReferences } from './references.ts';
import { resolveDefinition } from './resolve-definition.ts';
import type { ResolveContext } from './resolve-text.ts';

/**
 * The definitions as they stand for all other environments, and as they are written without any override, where secrets in them stand on lines
 * that the environment of the context does not have. Nobody has asked the platform what of it is in force there.
 */
export function listElsewhere(
  definitions: readonly Definition[],
  environments: Iterable<Environment>,
  context: ResolveContext,
): readonly DesiredElsewhere[] {
  const others = [...environments].filter(({ name }) => name !== context.environment.name);
  return definitions.flatMap((definition) => {
    // Line by line the same everywhere.
    if (definition.overrides === undefined && isFor(definition, context.environment)) return [];
    const there = [...others.filter((one) => isFor(definition, one)), undefined];
    return there
      .map((environment) => readElsewhere(definition, environment, context))
      .filter(({ secrets }) => secrets.size > 0);
  });
}

function isFor({ environments }: Definition, { name }: Environment): boolean {
  return environments?.includes(name) ?? true;
}

/** Without an environment: as it is written without any override. */
function readElsewhere(
  definition: Definition,
  environment: Environment | undefined,
  context: ResolveContext,
): DesiredElsewhere {
  const { name: here } = context.environment;
  const { overrides = {} } = definition;
  const written: Definition = environment === undefined ? { ...definition, overrides: {} } : definition;
  const there = environment ?? context.environment;
  const { key, connector, configuration, providerData = {} } = applyOverride(written, there.name);
  const ofKeys = Object.entries(configuration).map(([name, value]) => [name, listSecrets(value)] as const);
  const isHere = isFor(definition, context.environment);
  const own = [overrides[here], written.overrides?.[there.name]];
  const isApart = (name: string): boolean =>
    !isHere || own.some((one) => Object.hasOwn(one?.configuration ?? {}, name));
  return {
    key,
    connector,
    environment: environment?.name ?? null,
    secrets: new Set([...ofKeys.flatMap(([, names]) => names), ...listSecrets(providerData)]),
    apart: new Set(ofKeys.flatMap(([name, names]) => (isApart(name) ? names : []))),
    configuration: () => resolveThere(written, { ...context, environment: there }),
  };
}

/** A value that cannot be resolved from here is left out: then it is no address that is known. */
function resolveThere(definition: Definition, context: ResolveContext): ReadonlyMap<string, DesiredValue> {
  const resolved = resolveDefinition(definition, context);
  return (resolved.ok ? resolved.value : resolved.blocked)?.configuration ?? new Map();
}

function listSecrets(value: Json): readonly string[] {
  if (typeof value === 'string') {
    return findReferences(value).flatMap(({ kind, name }) => (kind === 'secrets' ? [`secrets.${name}`] : []));
  }
  return isStructured(value) ? Object.values<Json>(value).flatMap(listSecrets) : [];
}
