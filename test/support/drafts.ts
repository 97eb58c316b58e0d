import { stringify } from 'yaml';
import type { Json } from '../../src/model/json.ts';

/** The environment that the properties plan and apply, and one that they never touch. */
export const environmentName = 'tenant';
export const otherEnvironmentName = 'elsewhere';

export type Values = Readonly<Record<string, Json>>;

/** A definition as a test writes and edits it: what stands in the YAML, references included. */
export interface Draft {
  /** Below `instances/`, without extension. */
  readonly path: string;
  /** Written into the file; else the path is the key. */
  readonly key?: string;
  readonly connector: string;
  readonly name: string;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  readonly configuration: Values;
  readonly providerData?: Readonly<Record<string, string>>;
  readonly externalAuthentication?: 'initial';
  readonly environments?: readonly string[];
  readonly overrides?: Readonly<Record<string, DraftOverride>>;
  readonly ignore?: readonly string[];
  readonly adopt?: string;
  readonly protect?: boolean;
}

export interface DraftOverride {
  readonly name?: string;
  readonly tags?: readonly string[];
  readonly configuration?: Values;
}

/** Identity of the definition. */
export function keyOf(draft: Draft): string {
  return draft.key ?? draft.path;
}

/** Whether the definition is for the environment of the properties. */
export function isMeant({ environments }: Draft): boolean {
  return environments?.includes(environmentName) ?? true;
}

/** What the environment's configuration says, references not resolved: null takes a key away. */
export function configurationOf({ configuration, overrides }: Draft): Values {
  const merged = { ...configuration, ...overrides?.[environmentName]?.configuration };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
}

/** Keys whose values are compared. */
export function comparedKeys(draft: Draft): readonly string[] {
  return Object.keys(configurationOf(draft)).filter((key) => !isIgnored(draft, key));
}

/** Whether the key is sent on create and never compared. */
export function isIgnored({ ignore }: Draft, key: string): boolean {
  return ignore?.includes(`configuration.${key}`) ?? false;
}

/** The draft with another value in the environment, written where the present one stands. */
export function withValue(draft: Draft, key: string, value: Json): Draft {
  const override = draft.overrides?.[environmentName];
  if (override?.configuration === undefined || !Object.hasOwn(override.configuration, key)) {
    return { ...draft, configuration: { ...draft.configuration, [key]: value } };
  }
  const configuration = { ...override.configuration, [key]: value };
  return { ...draft, overrides: { ...draft.overrides, [environmentName]: { ...override, configuration } } };
}

/** The draft without the key, wherever it stands. */
export function withoutKey(draft: Draft, key: string): Draft {
  const { ignore, overrides } = draft;
  return {
    ...draft,
    configuration: without(draft.configuration, key),
    ...(overrides === undefined ? {} : { overrides: mapValues(overrides, (one) => withoutKeyInOverride(one, key)) }),
    ...(ignore === undefined ? {} : { ignore: ignore.filter((entry) => entry !== `configuration.${key}`) }),
  };
}

/** The text of a YAML document that holds the draft; in JSON's own form, which is YAML too, when asked for. */
export function renderDraft({ path: _path, ...document }: Draft, isJson = false): string {
  return isJson ? `${JSON.stringify(document, undefined, 2)}\n` : stringify(document);
}

function withoutKeyInOverride(override: DraftOverride, key: string): DraftOverride {
  const { configuration } = override;
  return configuration === undefined ? override : { ...override, configuration: without(configuration, key) };
}

function without(values: Values, key: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
