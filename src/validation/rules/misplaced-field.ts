import type { CatalogueEntry } from '../../catalogue/catalogue.ts';
import { entryOf } from '../../catalogue/choices.ts';
import { misplacedKeys } from '../../model/definition.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { catalogueEntryOf } from '../catalogue-entry.ts';
import { definitionFields, isConfigurationKey, overrideFields } from '../known-keys.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import type { Entry, Subject } from '../subject.ts';
import type { ValidationContext } from '../validation-context.ts';

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
      .map((entry) => fieldBelow(entry, ownConnector(subject, context))),
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

/** A connector of which nothing is known: it may have such a key all the same. */
function ownConnector(subject: Subject, context: ValidationContext): string | undefined {
  const { connector } = subject.fields;
  const isKnown = typeof connector !== 'string' || context.catalogue?.keys.has(connector) !== false;
  return isKnown || connector === '' ? undefined : connector;
}

function fieldBelow({ key, path }: Entry, unknown: string | undefined): Finding {
  const field = key === 'element' ? 'connector' : key;
  const own =
    unknown === undefined
      ? ''
      : ` If your connector calls a key like this, make it known:\nconnectorctl catalog pull ${quoteWord(unknown)}`;
  return {
    path,
    part: 'key',
    detail: `\`${key}\` is under \`configuration\`, where it would be sent as a setting of the connector.`,
    hint: `Move it to the top level of the document, as \`${field}\`.${own}`,
  };
}
