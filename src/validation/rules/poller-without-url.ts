import type { DocumentRule } from '../rule.ts';
import { lackingField } from '../poller-fields.ts';

export const pollerWithoutUrl: DocumentRule = {
  code: 'poller-without-url',
  severity: 'warning',
  message: 'Polled resource without `url`',
  help: 'The platform polls the `url` of each resource for changes. A resource without one is never polled.',
  hides: 'schema',
  check: ({ resources }) =>
    lackingField(resources, 'url').map(({ resource, path }) => ({
      path,
      part: 'key',
      detail: `The polled resource \`${resource.name}\` has no \`url\`, so the platform would not know what to poll.`,
      hint: `Add a line such as \`url: /hubs/<hub>/${resource.name}\`, or remove the resource.`,
    })),
};
