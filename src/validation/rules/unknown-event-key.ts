import { catalogueEntryOf } from '../catalogue-entry.ts';
import { configurationKeys, eventKeys } from '../known-keys.ts';
import { nearestName } from '../../model/nearest-name.ts';
import type { DocumentRule } from '../rule.ts';

export const unknownEventKey: DocumentRule = {
  code: 'unknown-event-key',
  severity: 'warning',
  message: 'Unknown event key',
  help: 'The platform ignores configuration keys that a connector does not have, so a typo goes unnoticed. Only keys that are similar to a known one are reported.',
  check: (subject, context) => {
    // Where the keys of the connector are known, they are compared with those.
    if (catalogueEntryOf(subject, context) !== undefined) return [];
    return subject.entries.flatMap(({ key, path }) => {
      const near = /^events?[._]/i.test(key) && !configurationKeys.has(key) ? nearestName(key, eventKeys) : undefined;
      if (near === undefined) return [];
      return [
        {
          path,
          part: 'key' as const,
          detail: `\`${key}\` is not a known \`event.*\` key; a key that the connector does not have has no effect.`,
          hint: `Did you mean \`${near}\`?`,
        },
      ];
    });
  },
};
