import type { CatalogueEntry } from '../catalogue/catalogue.ts';
import { entryOf } from '../catalogue/choices.ts';
import type { ConnectorEntry } from '../model/connector.ts';
import { editDistance, nearestName } from '../model/nearest-name.ts';
import { misplacedKeys } from '../model/definition.ts';
import { configurationKeys } from './known-keys.ts';
import type { Finding } from './rule.ts';
import type { Entry, Subject, View } from './subject.ts';
import type { ValidationContext } from './validation-context.ts';
import { fillVariables } from '../definition/references.ts';

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

/** More unknown keys than this are no typing mistakes, and comparing each with all that there are would take seconds. */
const mostCompared = 1_000;

/** Configuration keys of a definition that its connector does not have and the platform has for nobody, each with the key that was probably meant. */
export function listUnknownKeys(
  { entries }: Subject,
  { connector }: CatalogueEntry,
): readonly { readonly entry: Entry; readonly meant: string | undefined }[] {
  const strange = entries.filter(({ key }) => entryOf(connector, key) === undefined && !misplacedKeys.has(key));
  // Hardly any definition has one, and only then it matters what was meant.
  if (strange.length === 0) return [];
  const places = new Map<string | undefined, OpenKeys>();
  return strange.flatMap((entry, index) => {
    const { key, environment } = entry;
    if (index >= mostCompared) return configurationKeys.has(key) ? [] : [{ entry, meant: undefined }];
    const open = places.get(environment) ?? listOpenKeys(connector, entries, environment);
    places.set(environment, open);
    // Some connector has a key of that name; this one has it with a prefix of its own.
    if (configurationKeys.has(key)) {
      const longer = keyWithPrefix(
        key,
        open.entries.filter((one) => !configurationKeys.has(one.key)),
      );
      return longer === undefined ? [] : [{ entry, meant: longer }];
    }
    return [{ entry, meant: meantBy(key, open) }];
  });
}

/** What may have been meant in one place: a definition or an override. */
interface OpenKeys {
  readonly entries: readonly ConnectorEntry[];
  readonly own: readonly string[];
  readonly general: readonly string[];
}

/** What stands there as well was not meant. In an override, what the definition itself has is meant again. */
function listOpenKeys(
  connector: CatalogueEntry['connector'],
  all: readonly Entry[],
  environment: string | undefined,
): OpenKeys {
  const given = new Set(all.filter((one) => one.environment === environment).map(({ key }) => key));
  const entries = connector.entries.filter(({ key }) => !given.has(key));
  const general = [...configurationKeys].filter((key) => !given.has(key));
  return { entries, own: entries.map(({ key }) => key), general };
}

function meantBy(key: string, { entries, own, general }: OpenKeys): string | undefined {
  return (
    nearestOf(key, own, general) ?? keyWithPrefix(key, entries) ?? nearestName(key, general) ?? keyByLabel(key, entries)
  );
}

/** The only shown key that the console calls like this: `apiKey`, where `username` is labelled `API Key` (platform-facts B2). */
function keyByLabel(key: string, open: readonly ConnectorEntry[]): string | undefined {
  const wanted = squash(key);
  const [first, ...others] = open.filter((one) => !one.hideFromConsole && !one.internal && squash(one.name) === wanted);
  return others.length === 0 ? first?.key : undefined;
}

function squash(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** A key of the connector, unless one that all connectors have is far nearer: `OAUTH.CALLBACK.URL`, where it has a longer one of its own. */
function nearestOf(key: string, own: readonly string[], general: readonly string[]): string | undefined {
  const [mine, shared] = [nearestName(key, own), nearestName(key, general)];
  if (mine === undefined || shared === undefined) return mine;
  const [toMine, toShared] = [mine, shared].map((name) =>
    editDistance(key.toLowerCase(), name.toLowerCase(), key.length),
  );
  return (toShared ?? 0) + 2 < (toMine ?? 0) ? shared : mine;
}

/** The only shown key that ends with these words: `oauth.api.key` for `api.key`. */
function keyWithPrefix(key: string, open: readonly ConnectorEntry[]): string | undefined {
  const end = `.${key.toLowerCase()}`;
  const [first, ...others] = open.filter(
    (one) => !one.hideFromConsole && !one.internal && one.key.toLowerCase().endsWith(end),
  );
  return others.length === 0 ? first?.key : undefined;
}

/** The values of a view as texts, variables resolved. A value with a secret in it is never equal to anything that the catalogue names. */
export function givenIn(view: View): (key: string) => string | undefined {
  return (key) => {
    const value = view.entry(key)?.value;
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') return typeof value === 'object' ? JSON.stringify(value) : String(value);
    const [environment] = view.environments;
    return (environment === undefined ? undefined : fillVariables(value, environment.vars)) ?? value;
  };
}
