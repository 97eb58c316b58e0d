import { joinWords } from '../model/join-words.ts';
import type { Environment } from '../model/environment.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Path, Subject, View } from './subject.ts';

/**
 * What is in force where: one view for each environment with an override, and one for all others together.
 * There is always at least one.
 */
export function buildViews(
  fields: JsonObject,
  overrides: ReadonlyMap<string, JsonObject>,
  environments: readonly Environment[],
): readonly View[] {
  if (overrides.size === 0) return [plainView(fields, environments)];
  const plain = environments.filter(({ name }) => !overrides.has(name));
  const views = environments.flatMap((environment) => {
    const override = overrides.get(environment.name);
    return override === undefined ? [] : [overriddenView(fields, override, environment)];
  });
  return plain.length > 0 || views.length === 0 ? [plainView(fields, plain), ...views] : views;
}

const namePath: Path = ['name'];

function plainView(fields: JsonObject, environments: readonly Environment[]): View {
  return {
    environments,
    name: { value: fields['name'], path: namePath },
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

interface PlaceInViews {
  readonly path: Path;
  readonly environments: readonly Environment[];
}

/** The same place in several views is one, with the environments of all of them. */
export function joinPlaces(places: readonly PlaceInViews[]): readonly PlaceInViews[] {
  const joined = new Map<string, PlaceInViews>();
  for (const { path, environments } of places) {
    const key = JSON.stringify(path);
    const before = joined.get(key)?.environments ?? [];
    joined.set(key, { path, environments: [...before, ...environments] });
  }
  return [...joined.values()];
}

/** ` in staging and production`; empty when there are none. */
export function inEnvironments(environments: readonly Environment[]): string {
  const names = environments.map(({ name }) => `\`${name}\``);
  return names.length === 0 ? '' : ` in ${joinWords(names, 'and')}`;
}

/** The environments in which what stands at a place counts: where no override puts something else there. */
export function environmentsInForce(subject: Subject, path: Path): readonly Environment[] {
  if (subject.overrides.size === 0) return subject.environments;
  const [field, key] = path.map(String);
  if (field === undefined) return subject.environments;
  if (field === 'overrides') return subject.environments.filter(({ name }) => name === key);
  return subject.environments.filter(({ name }) => !isOverridden(subject.overrides.get(name)?.[field], key));
}

function isOverridden(value: Json | undefined, key: string | undefined): boolean {
  if (!isJsonObject(value)) return value !== undefined;
  return key !== undefined && value[key] !== undefined;
}
