import { isJsonObject } from '../../model/json.ts';
import { placeOfField } from '../collect-resources.ts';
import { dateFields, meantBy, resourceFields } from '../poller-fields.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import type { Resource } from '../subject.ts';

export const unknownPollerField: DocumentRule = {
  code: 'unknown-poller-field',
  severity: 'warning',
  message: 'Unknown field of a polled resource',
  help: 'The platform ignores fields that it does not know, so a typing mistake goes unnoticed. Only fields that are similar to a known one are reported.',
  check: ({ resources }) => resources.flatMap((resource) => [...inResource(resource), ...inDates(resource)]),
};

function inResource(resource: Resource): readonly Finding[] {
  return Object.keys(resource.fields).flatMap((name) => {
    const place = { path: placeOfField(resource, name), part: 'key' as const };
    const meant = meantBy(name, resource.fields, resourceFields);
    if (meant !== undefined) return [{ ...place, detail: unknown(name, resource), hint: `Did you mean \`${meant}\`?` }];
    if (!dateFields.includes(name)) return [];
    return [
      {
        ...place,
        detail: `\`${name}\` of the polled resource \`${resource.name}\` stands beside \`datesConfiguration\`, where it has no effect.`,
        hint: 'Move the line into `datesConfiguration`.',
      },
    ];
  });
}

function inDates(resource: Resource): readonly Finding[] {
  const dates = resource.fields['datesConfiguration'];
  if (!isJsonObject(dates)) return [];
  return Object.keys(dates).flatMap((name) => {
    const meant = meantBy(name, dates, dateFields);
    if (meant === undefined) return [];
    return [
      {
        path: placeOfField(resource, 'datesConfiguration', name),
        part: 'key' as const,
        detail: unknown(name, resource),
        hint: `Did you mean \`${meant}\`?`,
      },
    ];
  });
}

function unknown(name: string, { name: resource }: Resource): string {
  return `\`${name}\` is no field of a polled resource, so it has no effect in \`${resource}\`.`;
}
