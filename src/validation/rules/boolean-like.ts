import { entryOf } from '../../catalogue/choices.ts';
import type { ConnectorEntry } from '../../model/connector.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import { catalogueEntryOf } from '../catalogue-entry.ts';
import { booleanKeys } from '../known-keys.ts';
import type { DocumentRule } from '../rule.ts';
import { quote } from '../show-text.ts';

/** In small letters. `1` and `0` are what other tools write. */
const meanings: Readonly<Record<string, boolean>> = {
  yes: true,
  y: true,
  on: true,
  enabled: true,
  true: true,
  1: true,
  no: false,
  n: false,
  off: false,
  disabled: false,
  false: false,
  0: false,
};

export const booleanLike: DocumentRule = {
  code: 'boolean-like',
  severity: 'warning',
  message: 'Not a boolean',
  help: 'In YAML 1.2 only `true` and `false` are booleans. `yes`, `on` and `True` are strings, which the platform may not understand.',
  hides: 'schema',
  check: (subject, context) => {
    const known = catalogueEntryOf(subject, context);
    return subject.entries.flatMap(({ key, value, path }) => {
      const isGeneral = booleanKeys.has(key);
      const entry = known === undefined || isGeneral ? undefined : entryOf(known.connector, key);
      if (!isGeneral && !isSwitchEntry(entry)) return [];
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text !== 'string' || switches.includes(text) || text.trim() === '' || text.includes('${{')) return [];
      const word = text.toLowerCase();
      const meant = Object.hasOwn(meanings, word) ? String(meanings[word]) : undefined;
      // Of a key that all connectors have, the schema tells what is neither.
      if (meant === undefined && isGeneral) return [];
      const isHidden = subject.secretKeys.has(key);
      return [
        {
          path,
          detail: `\`${key}\` contains ${typeof value === 'number' ? 'the number' : 'the string'} ${isHidden ? 'that stands here' : quote(text)}, which is neither \`true\` nor \`false\`.`,
          hint:
            meant === undefined
              ? (didYouMean(word, switches) ?? 'Write `true` or `false`.')
              : `Write \`${key}: ${meant}\`.`,
        },
      ];
    });
  },
};

const switches = ['true', 'false'];

/** Some vendors call a text or a number a switch: their own default is neither `true` nor `false` (two of 62 in the catalogue). */
function isSwitchEntry(entry: ConnectorEntry | undefined): boolean {
  const { type = '', defaultValue = '' } = entry ?? {};
  return type.startsWith('BOOLEAN') && ['', ...switches].includes(defaultValue);
}
