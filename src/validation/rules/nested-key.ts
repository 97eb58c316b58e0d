import type { CatalogueEntry } from '../../catalogue/catalogue.ts';
import { entryOf } from '../../catalogue/choices.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { catalogueEntryOf } from '../catalogue-entry.ts';
import type { DocumentRule } from '../rule.ts';

const families: ReadonlySet<string> = new Set([
  'authentication',
  'base',
  'bulk',
  'event',
  'filter',
  'oauth',
  'pagination',
]);

export const nestedKey: DocumentRule = {
  code: 'nested-key',
  severity: 'error',
  message: 'Nested configuration keys',
  help: 'The platform knows flat keys with dots, such as `event.notification.enabled`. A nested mapping would be sent as one value.',
  hides: 'schema',
  check: (subject, context) =>
    subject.entries.flatMap(({ key, value, path }) => {
      if (!isJsonObject(value)) return [];
      const whole = families.has(key) ? example(key) : wholeKey(key, value, catalogueEntryOf(subject, context));
      if (whole === undefined) return [];
      return [
        {
          path,
          part: 'key',
          detail: `\`${key}\` contains a mapping, but the platform's configuration is flat, so its keys would be lost.`,
          hint: `Write the whole key on one line, such as \`${whole}\`.`,
        },
      ];
    }),
};

/** The key of the connector that was split: of `sharefile: {subdomain: x}` it is `sharefile.subdomain`. */
function wholeKey(key: string, value: JsonObject, known: CatalogueEntry | undefined): string | undefined {
  if (known === undefined || entryOf(known.connector, key) !== undefined) return undefined;
  return Object.keys(value)
    .map((inner) => `${key}.${inner}`)
    .find((whole) => entryOf(known.connector, whole) !== undefined);
}

function example(family: string): string {
  const examples: Readonly<Record<string, string>> = {
    authentication: 'authentication.type',
    base: 'base.url',
    bulk: 'bulk.relations',
    event: 'event.notification.enabled',
    filter: 'filter.response.nulls',
    oauth: 'oauth.api.key',
    pagination: 'pagination.max',
  };
  return examples[family] ?? family;
}
