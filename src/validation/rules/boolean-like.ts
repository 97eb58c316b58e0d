import { booleanKeys } from '../known-keys.ts';
import type { DocumentRule } from '../rule.ts';

const meanings: Readonly<Record<string, boolean>> = {
  yes: true,
  y: true,
  on: true,
  enabled: true,
  true: true,
  no: false,
  n: false,
  off: false,
  disabled: false,
  false: false,
};

export const booleanLike: DocumentRule = {
  code: 'boolean-like',
  severity: 'warning',
  message: 'Not a boolean',
  help: 'In YAML 1.2 only `true` and `false` are booleans. `yes`, `on` and `True` are strings, which the platform may not understand.',
  hides: 'schema',
  check: ({ entries }) =>
    entries.flatMap(({ key, value, path }) => {
      if (!booleanKeys.has(key) || typeof value !== 'string' || value === 'true' || value === 'false') return [];
      const word = value.toLowerCase();
      if (!Object.hasOwn(meanings, word)) return [];
      return [
        {
          path,
          detail: `\`${key}\` contains the string \`${value}\`, which is neither \`true\` nor \`false\`.`,
          hint: `Write \`${key}: ${String(meanings[word])}\`.`,
        },
      ];
    }),
};
