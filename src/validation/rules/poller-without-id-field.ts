import { placeOfField } from '../collect-resources.ts';
import type { DocumentRule } from '../rule.ts';
import { isMisspelt } from '../poller-fields.ts';
import type { Resource } from '../subject.ts';

export const pollerWithoutIdField: DocumentRule = {
  code: 'poller-without-id-field',
  severity: 'warning',
  message: 'Polled resource without `idField`',
  help: 'The platform identifies records by the `idField` of the resource. Without it, events have no object id.',
  hides: 'schema',
  check: ({ resources }) =>
    resources
      .filter((resource) => isMissing(resource.fields['idField']) && !isMisspelt(resource, 'idField'))
      .map((resource) => ({
        path: placeOf(resource),
        part: 'key',
        detail: `The polled resource \`${resource.name}\` has no \`idField\`, so its records could not be told apart.`,
        hint: 'Add a line such as `idField: id`, with the field that contains the id of a record.',
      })),
};

function placeOf(resource: Resource): readonly (string | number)[] {
  return Object.hasOwn(resource.fields, 'idField') ? placeOfField(resource, 'idField') : resource.path;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
