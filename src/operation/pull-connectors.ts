import path from 'node:path';
import { renderConnectorFile } from '../catalogue/connector-file.ts';
import { largestConnector } from '../disk/read-connectors.ts';
import { exists, readTextFile } from '../disk/read-text.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import { compareText } from '../model/compare-text.ts';
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import { connectorFile } from '../model/environment.ts';
import { runBounded } from '../model/run-bounded.ts';
import { visible } from '../model/visible.ts';
import { createRedactor } from '../secret/redactor.ts';
import { connect } from './connect.ts';
import { listEditorSchemas, writeEditorSchemas } from './editor-schemas.ts';
import { hideInConnector } from './hide-in-connector.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { loadDefinitions } from './load-definitions.ts';
import type { OperationPorts, OperationTarget } from './operation-ports.ts';
import type { OperationResult, PulledConnector } from './result.ts';

/** Requests at the same time: entries are long, and few are asked for. */
const concurrency = 4;

/**
 * Writes down what the platform of an environment says about connectors: those that are named, or all that definitions use. Sends only reads.
 * One that the platform does not have is an error, and the others are written all the same. What editors read follows.
 */
export async function pullConnectors(
  ports: OperationPorts,
  target: OperationTarget,
  named: readonly string[],
): Promise<OperationResult> {
  const loaded = await loadDefinitions(ports, target, { checkSecrets: false, checkConnectors: false });
  if (!loaded.ok) return { kind: 'checked', diagnostics: loaded.diagnostics, files: 0 };
  const { directory } = loaded.value.workspace;
  const keys = named.length > 0 ? named : loaded.value.definitions.map(({ connector }) => connector);
  const wanted = [...new Set(keys)].toSorted(compareText);
  if (named.length === 0 && hasErrors(loaded.diagnostics)) {
    return { kind: 'checked', diagnostics: loaded.diagnostics, files: loaded.value.files.length, directory };
  }

  const connection = await connect(loaded.value, ports, { redactor: createRedactor() });
  const hide = hideInConnector(connection.given);
  const pulled: PulledConnector[] = [];
  const missing: string[] = [];
  try {
    await runBounded(wanted, concurrency, async (key) => {
      const connector = await connection.reader.readConnector(key);
      if (connector === undefined) missing.push(key);
      else pulled.push(await writeConnector(key, renderConnectorFile({ ...hide(connector), key }), directory));
    });
  } finally {
    await connection.close();
  }
  const used = loaded.value.definitions.map(({ connector }) => connector);
  const editorFiles = await writeEditorSchemas(directory, await listEditorSchemas(directory, used));
  return {
    kind: 'pulled',
    editorFiles,
    connectors: pulled.toSorted((one, other) => compareText(one.key, other.key)),
    diagnostics: await describeMissing(missing, directory),
    directory,
  };
}

async function writeConnector(key: string, text: string, directory: string): Promise<PulledConnector> {
  const file = connectorFile(key);
  const place = path.join(directory, file);
  const before = exists(place) ? readTextFile(place, largestConnector) : undefined;
  if (before === text) return { key, file, status: 'unchanged' };
  await writeRepositoryFile(place, text, directory);
  return { key, file, status: before === undefined ? 'written' : 'changed' };
}

async function describeMissing(missing: readonly string[], directory: string): Promise<readonly Diagnostic[]> {
  if (missing.length === 0) return [];
  const { catalogue } = await loadCatalogue(directory, new Set(missing));
  return missing.toSorted(compareText).map((key) => ({
    severity: 'error',
    code: 'unknown-connector',
    message: 'Unknown connector',
    detail: `The platform has no connector \`${visible(key)}\`, or the service user may not see it.`,
    hint: describeMeant(catalogue?.meant(key) ?? []),
  }));
}

function describeMeant(meant: readonly string[]): string {
  const names = meant.map((name) => `\`${name}\``).join(' or ');
  return names === ''
    ? 'The catalogue page of the platform shows the keys. See those that are built in here with:\nconnectorctl explain --list'
    : `Did you mean ${names}?`;
}
