import schema from '../../schema/instance.schema.json' with { type: 'json' };

const { properties } = schema.$defs.configuration;

/** Fields of a definition, from the schema. */
export const definitionFields: ReadonlySet<string> = new Set(Object.keys(schema.properties));

/** Fields that every definition must have, from the schema. */
export const requiredFields: readonly string[] = schema.required;

/** Fields of an override, from the schema. */
export const overrideFields: ReadonlySet<string> = new Set(Object.keys(schema.$defs.override.properties));

/** Configuration keys that the schema names. Connectors have further ones. */
export const configurationKeys: ReadonlySet<string> = new Set(Object.keys(properties));

/** The ones that begin with `event.`. */
export const eventKeys: readonly string[] = [...configurationKeys].filter((key) => key.startsWith('event.'));

/** The ones that begin with `oauth.`. */
export const oauthKeys: readonly string[] = [...configurationKeys].filter((key) => key.startsWith('oauth.'));

/** Configuration keys that hold `true` or `false`. */
export const booleanKeys: ReadonlySet<string> = keysOf('#/$defs/boolean');

function keysOf(reference: string): ReadonlySet<string> {
  const refers = (property: object) => '$ref' in property && property.$ref === reference;
  return new Set(
    Object.entries(properties)
      .filter(([, property]) => refers(property))
      .map(([key]) => key),
  );
}

/** Whether a name can only be a configuration key. */
export function isConfigurationKey(name: string): boolean {
  return name.includes('.') || (configurationKeys.has(name) && !definitionFields.has(name));
}
