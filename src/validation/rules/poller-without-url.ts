import { placeOfField } from '../collect-resources.ts';
import type { DocumentRule } from '../rule.ts';
import { isMisspelt } from '../poller-fields.ts';
import type { Resource } from '../subject.ts';

export const pollerWithoutUrl: DocumentRule = {
  code: 'poller-without-url',
  severity: 'warning',
  message: 'Polled resource without `url`',
  help: 'The platform polls the `url` of each resource for changes. A resource without one is never polled.',
  hides: 'schema',
  check: ({ resources }) =>
    resources
      .filter((resource) => isMissing(resource.fields['url']) && !isMisspelt(resource, 'url'))
      .map((resource) => ({
        path: placeOf(resource),
        part: 'key',
        detail: `The polled resource \`${resource.name}\` has no \`url\`, so the platform would not know what to poll.`,
        hint: `Add a line such as \`url: /hubs/<hub>/${resource.name}\`, or remove the resource.`,
      })),
};

function placeOf(resource: Resource): readonly (string | number)[] {
  return Object.hasOwn(resource.fields, 'url') ? placeOfField(resource, 'url') : resource.path;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
