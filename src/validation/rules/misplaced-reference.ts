import { definitionFields } from '../known-keys.ts';
import type { DocumentRule } from '../rule.ts';
import type { Text } from '../subject.ts';

/** Fields outside the configuration where references are replaced. */
const open: ReadonlySet<string> = new Set(['name', 'tags']);

export const misplacedReference: DocumentRule = {
  code: 'misplaced-reference',
  severity: 'error',
  message: 'Reference in the wrong place',
  help: 'References are replaced in the values of `name`, `tags`, `configuration` and `providerData`. Anywhere else they would be taken literally.',
  hides: 'all',
  check: ({ texts, entries }) => [
    ...texts.filter(isFixed).map(({ path, key }) => ({
      path,
      detail: `References are not replaced in \`${key}\`, so this one would be taken literally.`,
      hint: 'Write the value itself; `overrides` and `environments` define what differs between environments.',
    })),
    ...entries
      .filter(({ key }) => key.includes('${{'))
      .map(({ path }) => ({
        path,
        part: 'key' as const,
        detail: 'References are replaced in values only, so this key would be sent literally.',
        hint: 'Write the key in full, in an override where it differs.',
      })),
  ],
};

/** What stands under a field that there is none of has no place yet, and may be under a misspelt `configuration`. */
function isFixed({ area, key, path: [field], references }: Text): boolean {
  if (!definitionFields.has(String(field))) return false;
  return area === 'other' && !open.has(key) && references.some(({ kind }) => kind === 'vars');
}
