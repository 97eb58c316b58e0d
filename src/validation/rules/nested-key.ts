import { isJsonObject } from '../../model/json.ts';
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
  check: ({ entries }) =>
    entries
      .filter(({ key, value }) => families.has(key) && isJsonObject(value))
      .map(({ key, path }) => ({
        path,
        part: 'key',
        detail: `\`${key}\` contains a mapping, but the platform's configuration is flat, so its keys would be lost.`,
        hint: `Write the whole key on one line, such as \`${example(key)}\`.`,
      })),
};

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
