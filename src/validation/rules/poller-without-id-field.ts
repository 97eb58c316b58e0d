import type { DocumentRule } from '../rule.ts';
import { lackingField } from '../poller-fields.ts';

export const pollerWithoutIdField: DocumentRule = {
  code: 'poller-without-id-field',
  severity: 'warning',
  message: 'Polled resource without `idField`',
  help: 'The platform identifies records by the `idField` of the resource. Without it, events have no object id.',
  hides: 'schema',
  check: ({ resources }) =>
    lackingField(resources, 'idField').map(({ resource, path }) => ({
      path,
      part: 'key',
      detail: `The polled resource \`${resource.name}\` has no \`idField\`, so its records could not be told apart.`,
      hint: 'Add a line such as `idField: id`, with the field that contains the id of a record.',
    })),
};
