import type { DocumentRule } from '../rule.ts';

export const tagsInConfiguration: DocumentRule = {
  code: 'tags-in-configuration',
  severity: 'error',
  message: 'Tags inside the configuration',
  help: 'Tags belong to the instance, not to the connector. Inside the configuration they are sent as a setting, and the instance stays untagged.',
  hides: 'schema',
  check: ({ entries }) =>
    entries
      .filter(({ key }) => key === 'tags')
      .map(({ path, environment }) => ({
        path,
        part: 'key',
        detail: '`tags` is under `configuration`, so the instance would get no tags.',
        hint:
          environment === undefined
            ? 'Move it to the top level of the document, next to `name`.'
            : `Move it up, to \`overrides.${environment}.tags\`.`,
      })),
};
