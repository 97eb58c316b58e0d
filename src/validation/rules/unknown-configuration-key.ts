import { quoteWord } from '../../model/shell-word.ts';
import { catalogueEntryOf, listUnknownKeys, severityOf } from '../catalogue-entry.ts';
import type { DocumentRule } from '../rule.ts';

export const unknownConfigurationKey: DocumentRule = {
  code: 'unknown-configuration-key',
  severity: 'warning',
  message: 'Unknown configuration key',
  help: 'The platform ignores configuration keys that the connector does not have, so a typing mistake goes unnoticed. Keys that the platform has for all connectors are not reported.',
  check: (subject, context) => {
    const known = catalogueEntryOf(subject, context);
    if (known === undefined) return [];
    const { connector, origin } = known;
    // The built-in catalogue is of a day long ago: a key that resembles nothing may be new.
    const unknown = listUnknownKeys(subject, known).filter(({ meant }) => meant !== undefined || origin === 'pulled');
    return unknown.map(({ entry: { key, path }, meant }) => ({
      path,
      part: 'key' as const,
      severity: meant === undefined ? 'warning' : severityOf(known),
      detail: `\`${key}\` is no configuration key of the connector \`${connector.key}\`; a key that it does not have has no effect.`,
      hint:
        meant === undefined
          ? `See its keys: connectorctl explain ${quoteWord(connector.key)}`
          : `Did you mean \`${meant}\`?`,
    }));
  },
};
