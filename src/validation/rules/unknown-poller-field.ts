import schema from '../../../schema/instance.schema.json' with { type: 'json' };
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { nearestName } from '../../model/nearest-name.ts';
import { placeOfField } from '../collect-resources.ts';
import type { DocumentRule, Finding } from '../rule.ts';
import type { Resource } from '../subject.ts';

/** What vendors' own defaults hold besides (platform-facts C). */
const resourceFields = [...Object.keys(schema.$defs.resource.properties), 'filterByCreatedDate', 'xPath'];
const dateFields = Object.keys(schema.$defs.dates.properties);

export const unknownPollerField: DocumentRule = {
  code: 'unknown-poller-field',
  severity: 'warning',
  message: 'Unknown field of a polled resource',
  help: 'The platform ignores fields that it does not know, so a typing mistake goes unnoticed. Only fields that are similar to a known one are reported.',
  check: ({ resources }) => resources.flatMap((resource) => [...inResource(resource), ...inDates(resource)]),
};

/** The field of a polled resource that stands there under another name; so it is not missing. */
export function isMisspelt({ fields }: Resource, wanted: string): boolean {
  return Object.keys(fields).some((name) => meantBy(name, fields, resourceFields) === wanted);
}

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

/** What stands there as well was not meant. */
function meantBy(name: string, fields: JsonObject, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  return nearestName(
    name,
    known.filter((one) => !Object.hasOwn(fields, one)),
  );
}
