import { type Catalogue, layCatalogues } from '../catalogue/catalogue.ts';
import { readConnectorFiles } from '../disk/read-connectors.ts';
import type { Connector } from '../model/connector.ts';
import type { DesiredInstance } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ParsedDocument } from '../model/position.ts';
import { isJsonObject } from '../model/json.ts';
import { loadBuiltIn } from './built-in-catalogue.ts';
import { decodeConnector, hasEntries } from '../platform/wire/decode-connector.ts';
import { parseAnswer } from '../platform/wire/json.ts';

export interface LoadedCatalogue {
  readonly catalogue: Catalogue | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What is known offline of connectors: those that were pulled from the platform, before those that are built in.
 * Reads only the files of those that are named, and nothing at all when there are none.
 */
export async function loadCatalogue(directory: string, keys: ReadonlySet<string>): Promise<LoadedCatalogue> {
  if (keys.size === 0) return { catalogue: undefined, diagnostics: [] };
  const read = await readConnectorFiles(directory, keys);
  const decoded = read.files.map(({ key, file, text }) => ({ file, result: decodePulled(text, key) }));
  const pulled = decoded.flatMap(({ result }) => (result.ok ? [result.value] : []));
  const broken = decoded.flatMap(({ file, result }) => (result.ok ? [] : [unreadableFile(file, result.problem)]));
  const { findBuiltIn, listBuiltIn, listBuiltInKeys } = await loadBuiltIn();
  const catalogue = layCatalogues(new Map(pulled.map((connector) => [connector.key, connector])), {
    find: findBuiltIn,
    keys: listBuiltInKeys(),
    list: listBuiltIn,
  });
  return { catalogue, diagnostics: [...read.diagnostics, ...broken] };
}

/** The connectors that documents name. */
export function connectorsOf(documents: readonly Pick<ParsedDocument, 'value'>[]): ReadonlySet<string> {
  const named = documents.map(({ value }) => (isJsonObject(value) ? value['connector'] : undefined));
  return new Set(named.filter((connector): connector is string => typeof connector === 'string' && connector !== ''));
}

function decodePulled(text: string, key: string): ReturnType<typeof decodeConnector> {
  const parsed = parseAnswer(text);
  if (!parsed.ok) return parsed;
  if (!hasEntries(parsed.value)) return { ok: false, problem: 'it holds no list `configuration`' };
  const decoded = decodeConnector(parsed.value, key);
  if (decoded.ok && decoded.value.key !== key) {
    return { ok: false, problem: `it is about the connector \`${decoded.value.key}\`` };
  }
  return decoded;
}

function unreadableFile(file: string, problem: string): Diagnostic {
  return {
    severity: 'error',
    code: 'broken-connector-file',
    message: 'Connector cannot be read',
    detail: `The file was not written by \`connectorctl catalog pull\`, or was changed: ${problem}.`,
    hint: 'Write it anew with:\nconnectorctl catalog pull',
    at: { file, line: 1, column: 1 },
  };
}

/** The connectors in use that were pulled into the repository. */
export async function loadPulled(
  directory: string,
  desired: readonly Pick<DesiredInstance, 'connector'>[],
): Promise<readonly Connector[]> {
  const used = new Set(desired.map(({ connector }) => connector));
  const { catalogue } = await loadCatalogue(directory, used);
  const entries = [...used].flatMap((key) => catalogue?.find(key) ?? []);
  return entries.filter(({ origin }) => origin === 'pulled').map(({ connector }) => connector);
}
