import schema from '../../schema/instance.schema.json' with { type: 'json' };
import type { JsonObject } from '../model/json.ts';
import { placeOfField } from './collect-resources.ts';
import { nearestName } from '../model/nearest-name.ts';
import type { Path, Resource } from './subject.ts';

/** What vendors' own defaults hold besides (platform-facts C). */
export const resourceFields: readonly string[] = [
  ...Object.keys(schema.$defs.resource.properties),
  'filterByCreatedDate',
  'xPath',
];
/** Fields of `datesConfiguration`. */
export const dateFields: readonly string[] = Object.keys(schema.$defs.dates.properties);

/** The field of a polled resource that stands there under another name; so it is not missing. */
function isMisspelt({ fields }: Resource, wanted: string): boolean {
  return Object.keys(fields).some((name) => meantBy(name, fields, resourceFields) === wanted);
}

/** The polled resources without a field, each with the place at which to say so. An empty one is none. */
export function lackingField(
  resources: readonly Resource[],
  field: string,
): readonly { readonly resource: Resource; readonly path: Path }[] {
  return resources
    .filter((resource) => isEmpty(resource.fields[field]) && !isMisspelt(resource, field))
    .map((resource) => ({
      resource,
      path: Object.hasOwn(resource.fields, field) ? placeOfField(resource, field) : resource.path,
    }));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** The known field that was meant by one that is not known. What stands there as well was not meant. */
export function meantBy(name: string, fields: JsonObject, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  return nearestName(
    name,
    known.filter((one) => !Object.hasOwn(fields, one)),
  );
}
