import type { CatalogueEntry } from '../catalogue/catalogue.ts';
import { entryOf } from '../catalogue/choices.ts';
import { nearestName } from '../model/nearest-name.ts';
import { configurationKeys } from './known-keys.ts';
import type { Finding } from './rule.ts';
import type { Entry, Subject, View } from './subject.ts';
import type { ValidationContext } from './validation-context.ts';
import { resolveVariables } from './resolve-variables.ts';

/** What the catalogue knows of the connector of a definition. */
export function catalogueEntryOf(
  { fields }: Pick<Subject, 'fields'>,
  { catalogue }: ValidationContext,
): CatalogueEntry | undefined {
  const { connector } = fields;
  return typeof connector === 'string' ? catalogue?.find(connector) : undefined;
}

/** How much a complaint from the catalogue weighs: what the team's own platform says binds, what is built in is advice. */
export function severityOf({ origin }: CatalogueEntry): Finding['severity'] {
  return origin === 'pulled' ? 'error' : 'warning';
}

/** Configuration keys of a definition that its connector does not have and the platform has for nobody, each with the key that was probably meant. */
export function listUnknownKeys(
  { entries }: Subject,
  { connector }: CatalogueEntry,
): readonly { readonly entry: Entry; readonly meant: string | undefined }[] {
  const unknown = entries.filter(({ key }) => entryOf(connector, key) === undefined && !configurationKeys.has(key));
  // Hardly any definition has one, and only then it matters what was meant.
  if (unknown.length === 0) return [];
  const known = new Set([...connector.entries.map(({ key }) => key), ...configurationKeys]);
  // What the definition has as well was not meant.
  for (const { key } of entries) known.delete(key);
  return unknown.map((entry) => ({ entry, meant: nearestName(entry.key, known) }));
}

/** The values of a view as texts, variables resolved. A value with a secret in it is never equal to anything that the catalogue names. */
export function givenIn(view: View): (key: string) => string | undefined {
  return (key) => {
    const value = view.entry(key)?.value;
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
    const [environment] = view.environments;
    return (environment === undefined ? undefined : resolveVariables(value, environment)) ?? value;
  };
}
