import type { Environment } from '../model/environment.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { View } from './subject.ts';

/**
 * What is in force where: one view for each environment with an override, and one for all others together.
 * There is always at least one.
 */
export function buildViews(
  fields: JsonObject,
  overrides: ReadonlyMap<string, JsonObject>,
  environments: readonly Environment[],
): readonly View[] {
  const plain = environments.filter(({ name }) => !overrides.has(name));
  const views = environments.flatMap((environment) => {
    const override = overrides.get(environment.name);
    return override === undefined ? [] : [overriddenView(fields, override, environment)];
  });
  return plain.length > 0 || views.length === 0 ? [plainView(fields, plain), ...views] : views;
}

function plainView(fields: JsonObject, environments: readonly Environment[]): View {
  return {
    environments,
    name: { value: fields['name'], path: ['name'] },
    entry: (key) => {
      const value = isJsonObject(fields['configuration']) ? fields['configuration'][key] : undefined;
      return value === undefined || value === null ? undefined : { key, value, path: ['configuration', key] };
    },
  };
}

function overriddenView(fields: JsonObject, override: JsonObject, environment: Environment): View {
  const base = plainView(fields, [environment]);
  const own = override['configuration'];
  const path = ['overrides', environment.name];
  return {
    environments: [environment],
    name: override['name'] === undefined ? base.name : { value: override['name'], path: [...path, 'name'] },
    entry: (key) => {
      const value = isJsonObject(own) ? own[key] : undefined;
      if (value === undefined) return base.entry(key);
      return value === null
        ? undefined
        : { key, value, path: [...path, 'configuration', key], environment: environment.name };
    },
  };
}
