import type { CatalogueEntry } from '../../catalogue/catalogue.ts';
import { entryOf } from '../../catalogue/choices.ts';
import { catalogueEntryOf } from '../catalogue-entry.ts';
import { definitionFields, isConfigurationKey, overrideFields, misplacedKeys } from '../known-keys.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import type { Entry } from '../subject.ts';

export const misplacedField: DocumentRule = {
  code: 'misplaced-field',
  severity: 'error',
  message: 'Field in the wrong place',
  help: 'Configuration keys belong under `configuration`; all other fields belong at the top level. In the wrong place they are not applied, or are sent to the connector as a setting that it does not have.',
  hides: 'schema',
  check: (subject, context) => [
    ...keysAbove(Object.keys(subject.fields), definitionFields, []),
    ...[...subject.overrides].flatMap(([environment, override]) =>
      keysAbove(Object.keys(override), overrideFields, ['overrides', environment]),
    ),
    ...subject.entries
      .filter(({ key }) => misplacedKeys.has(key) && !isOfConnector(key, catalogueEntryOf(subject, context)))
      .map(fieldBelow),
  ],
};

/** A connector may call a key of its own `name`: one of NetSuite does. */
function isOfConnector(key: string, known: CatalogueEntry | undefined): boolean {
  return known !== undefined && entryOf(known.connector, key) !== undefined;
}

function keysAbove(keys: readonly string[], known: ReadonlySet<string>, parent: readonly string[]): readonly Finding[] {
  return keys
    .filter((key) => !known.has(key) && isConfigurationKey(key))
    .map((key) => ({
      path: [...parent, key],
      part: 'key',
      detail: `\`${key}\` is a configuration key, but it is outside \`configuration\`, so it would not be sent.`,
      hint: 'Move it under `configuration`: indent it by two more spaces.',
    }));
}

function fieldBelow({ key, path }: Entry): Finding {
  const field = key === 'element' ? 'connector' : key;
  return {
    path,
    part: 'key',
    detail: `\`${key}\` is under \`configuration\`, where it would be sent as a setting of the connector.`,
    hint: `Move it to the top level of the document, as \`${field}\`.`,
  };
}
