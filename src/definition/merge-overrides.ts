import type { Definition, Override } from '../model/definition.ts';
import { emptyRecord, type Json, toJsonObject } from '../model/json.ts';
import { fromPointer, type Pointer, toPointer } from '../model/position.ts';

/**
 * The definition as it is in one environment: name and tags replaced, configuration merged key by key, null keys gone.
 * Positions lead to the override where the value comes from there. Doing it twice changes nothing.
 */
export function applyOverride(definition: Definition, environmentName: string): Definition {
  const { overrides, ...base } = definition;
  if (overrides === undefined && !holdsNull(base.configuration)) return definition;
  const override = overrides && Object.hasOwn(overrides, environmentName) ? overrides[environmentName] : undefined;
  const { name, tags, configuration } = override ?? {};
  return {
    ...base,
    ...(name === undefined ? {} : { name }),
    ...(tags === undefined ? {} : { tags }),
    configuration: mergeConfiguration(definition.configuration, configuration ?? {}),
    at: (pointer, part) => definition.at(override ? toOverride(pointer, override, environmentName) : pointer, part),
  };
}

function holdsNull(configuration: Definition['configuration']): boolean {
  return Object.values(configuration).includes(null);
}

function mergeConfiguration(
  base: Readonly<Record<string, Json>>,
  changes: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const merged = Object.assign(emptyRecord<Json>(), base, changes);
  return holdsNull(merged) ? toJsonObject(Object.entries(merged).filter(([, value]) => value !== null)) : merged;
}

function toOverride(pointer: Pointer, override: Override, environmentName: string): Pointer {
  const [field = '', key] = fromPointer(pointer);
  const isOverridden =
    (field === 'name' && override.name !== undefined) ||
    (field === 'tags' && override.tags !== undefined) ||
    (field === 'configuration' && key !== undefined && Object.hasOwn(override.configuration ?? {}, key));
  return isOverridden ? toPointer('overrides', environmentName) + pointer : pointer;
}
