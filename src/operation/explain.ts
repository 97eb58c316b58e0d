import { schemaFromDefinition } from '../model/environment.ts';
import { quoteWord } from '../model/shell-word.ts';
import type { Connector } from '../model/connector.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { listPulledConnectors } from '../disk/read-connectors.ts';
import type { Catalogue, CatalogueEntry } from '../catalogue/catalogue.ts';
import { explainConnector, explainOneKey } from '../catalogue/explain-connector.ts';
import { loadWorkspace } from '../config/load-workspace.ts';
import { scaffoldDefinition } from '../definition/scaffold.ts';
import { compareText } from '../model/compare-text.ts';
import type { ListedConnector } from '../model/connector-page.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { UserError } from '../model/user-error.ts';
import { visible } from '../model/visible.ts';
import { loadBuiltIn } from './built-in-catalogue.ts';
import { loadCatalogue } from './load-catalogue.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import type { OperationResult } from './result.ts';

/**
 * Says what can be configured on a connector, or what one of its keys is. Asks no platform; needs no workspace, and uses the connectors that one has pulled.
 * @param subject `CONNECTOR` or `CONNECTOR.KEY`; keys of both kinds may hold dots, the longest known connector wins
 */
export async function explain(
  { cwd }: OperationPorts,
  { configFile }: OperationTarget,
  subject: string,
): Promise<OperationResult> {
  const workspace = await loadWorkspace({ cwd, configFile });
  const directory = workspace.ok ? workspace.value.directory : cwd;
  const names = listPrefixes(subject);
  const { catalogue, diagnostics } = await loadCatalogue(directory, new Set(names));
  const { builtInDate } = await loadBuiltIn();
  const known = names.flatMap((name) => catalogue?.find(name) ?? []).at(-1);
  if (known === undefined) throw unknownConnector(subject, catalogue);
  const page = explainConnector(known, builtInDate);
  const key = subject.slice(known.connector.key.length + 1);
  if (key === '') {
    const example = scaffoldDefinition(known.connector, schemaFromDefinition()).yaml;
    return { kind: 'explained', page: { ...page, example }, diagnostics };
  }
  const group = explainOneKey(known, key);
  if (group === undefined) throw unknownKey(known, key);
  return { kind: 'explained', page: { ...page, groups: [group] }, diagnostics };
}

/** Connectors that are known, by key, those of the team's own platform that were pulled included; with a word, those whose key, name or hub holds it. */
export async function listConnectors(
  { cwd }: OperationPorts,
  { configFile }: OperationTarget,
  word: string | undefined,
): Promise<OperationResult> {
  const workspace = await loadWorkspace({ cwd, configFile });
  const { pulled, diagnostics } = workspace.ok
    ? await loadAllPulled(workspace.value.directory)
    : { pulled: [], diagnostics: [] };
  const { listBuiltIn } = await loadBuiltIn();
  const own = new Set(pulled.map(({ key }) => key));
  const all = [...pulled, ...listBuiltIn().filter(({ key }) => !own.has(key))];
  const wanted = word?.toLowerCase() ?? '';
  const connectors: readonly ListedConnector[] = all
    .map(({ key, name, hub }) => ({ key, name, hub }))
    .filter(({ key, name, hub = '' }) => [key, name, hub].some((text) => text.toLowerCase().includes(wanted)))
    .toSorted((one, other) => compareText(one.key, other.key));
  return { kind: 'listed', connectors, word, diagnostics };
}

async function loadAllPulled(
  directory: string,
): Promise<{ readonly pulled: readonly Connector[]; readonly diagnostics: readonly Diagnostic[] }> {
  const keys = listPulledConnectors(directory);
  const { catalogue, diagnostics } = await loadCatalogue(directory, new Set(keys));
  return { pulled: keys.flatMap((key) => catalogue?.find(key)?.connector ?? []), diagnostics };
}

/** `a.b.c` → `a`, `a.b`, `a.b.c`. */
function listPrefixes(subject: string): readonly string[] {
  const parts = subject.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

function unknownConnector(subject: string, catalogue: Catalogue | undefined): UserError {
  const [name = subject] = subject.split('.');
  const meant = (catalogue?.meant(name) ?? []).map((one) => `\`${one}\``).join(' or ');
  const rest = `See those that are known with:\nconnectorctl explain --list\nIf it is a connector of your platform, ask it first:\nconnectorctl catalog pull ${quoteWord(name)}`;
  return new UserError('unknown-connector', `Nothing is known of a connector \`${visible(name)}\`.`, {
    kind: 'invalid',
    hint: meant === '' ? rest : `Did you mean ${meant}? ${rest}`,
  });
}

function unknownKey({ connector }: CatalogueEntry, key: string): UserError {
  const near = didYouMean(key, new Set(connector.entries.map((entry) => entry.key)));
  const rest = `See its keys with:\nconnectorctl explain ${quoteWord(connector.key)}`;
  return new UserError('unknown-connector-key', `The connector \`${connector.key}\` has no key \`${visible(key)}\`.`, {
    kind: 'invalid',
    hint: near === undefined ? rest : `${near} ${rest}`,
  });
}
