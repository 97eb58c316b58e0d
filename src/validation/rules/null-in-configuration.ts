import { isJsonObject } from '../../model/json.ts';
import type { DocumentRule } from '../rule.ts';

export const nullInConfiguration: DocumentRule = {
  code: 'null-in-configuration',
  severity: 'warning',
  message: 'Key without a value',
  help: 'Null in an override removes a key. Anywhere else it has no effect: the key is not sent.',
  check: ({ entries, fields: { configuration } }) =>
    entries.flatMap(({ key, value, path, environment }) => {
      if (value !== null) return [];
      if (environment !== undefined && isJsonObject(configuration) && Object.hasOwn(configuration, key)) return [];
      return [
        {
          path,
          part: 'key' as const,
          detail:
            environment === undefined
              ? `\`${key}\` has no value, so it would not be sent.`
              : `The override removes \`${key}\`, but the definition does not set it.`,
          hint:
            environment === undefined ? 'Write a value, or remove the line.' : 'Remove the line, or correct the key.',
        },
      ];
    }),
};
