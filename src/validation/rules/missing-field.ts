import { requiredFields } from '../known-keys.ts';
import { isJsonObject } from '../../model/json.ts';
import { nearestName } from '../../model/nearest-name.ts';
import type { DocumentRule } from '../rule.ts';

const examples: Readonly<Record<string, string>> = {
  connector: 'connector: sharefile',
  name: 'name: ShareFile of the finance team',
  configuration: 'configuration: {}',
};

export const missingField: DocumentRule = {
  code: 'missing-field',
  severity: 'error',
  message: 'Missing field',
  help: 'Every definition needs `connector`, `name` and `configuration`: without them no instance can be created.',
  check: ({ document, fields }) => {
    if (!isJsonObject(document.value)) return [];
    return requiredFields
      .filter((field) => !Object.hasOwn(fields, field) && !isMisspelt(field, Object.keys(fields)))
      .map((field) => ({
        path: [],
        detail: `The definition has no \`${field}\`, which every instance needs.`,
        hint: `Add a line such as \`${examples[field] ?? field}\`.`,
      }));
  },
};

/** What others call them, so far from our word that it is not the nearest. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  connector: ['element', 'elementKey', 'elementId'],
  configuration: ['config', 'settings'],
};

/** A field under a wrong name is reported as that, once. */
function isMisspelt(field: string, present: readonly string[]): boolean {
  if (otherNames[field]?.some((name) => present.includes(name)) === true) return true;
  return present.some((name) => !requiredFields.includes(name) && nearestName(name, requiredFields) === field);
}
