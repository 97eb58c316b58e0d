import { posix } from 'node:path';
import { connectorOfBody, convertBody } from '../definition/convert/convert-body.ts';
import { freeKey } from '../definition/import/new-key.ts';
import { readBodies } from '../definition/convert/read-body.ts';
import { createNameGiver } from '../definition/convert/reference-names.ts';
import { isSecretAt } from '../model/secret-entry.ts';
import { loadWorkspace } from '../config/load-workspace.ts';
import { loadCatalogue } from './load-catalogue.ts';
import type { JsonObject } from '../model/json.ts';
import { exists } from '../disk/read-text.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts';
import { UserError } from '../model/user-error.ts';
import type { ConvertedDefinition, OperationResult } from './result.ts';
import { definitionsFolder } from '../model/environment.ts';

export interface ConvertInput {
  /** File the text came from; `-` for standard input. */
  readonly from: string;
  readonly text: string;
}

interface ConvertOptions {
  /** Folder to write the definitions to; absent: nothing is written. */
  readonly out?: string | undefined;
  /** Absolute folder that `out` is relative to. */
  readonly cwd: string;
  /** `--config FILE`: the workspace whose pulled connectors tell what is a secret. */
  readonly configFile?: string | undefined;
}

/** Turns what creates instances (bodies, cURL and PowerShell commands, Postman collections) into definitions. Asks the platform nothing. */
export async function convert(inputs: readonly ConvertInput[], options: ConvertOptions): Promise<OperationResult> {
  const diagnostics: Diagnostic[] = [];
  const definitions: ConvertedDefinition[] = [];
  const taken = new Set<string>();
  const nameSecret = createNameGiver();

  for (const { from, text } of inputs) {
    for (const body of readBodies(from, text)) {
      diagnostics.push(...body.diagnostics);
      if (!body.ok) continue;
      const known = await askCatalogue(body.value, options);
      const converted = convertBody(body.value, { ...known, nameSecret, depth: depthOf(options.out) });
      diagnostics.push(...converted.diagnostics.map((diagnostic) => placeIn(from, diagnostic)));
      if (hasErrors(converted.diagnostics)) continue;
      // Two bodies of the same name get keys of their own.
      const key = freeKey(converted.key, (one) => taken.has(one));
      taken.add(key);
      const { yaml, secrets, vars } = converted;
      definitions.push({ from, key, yaml, secrets, vars });
    }
  }
  if (options.out === undefined) return { kind: 'converted', definitions, diagnostics };
  return { kind: 'converted', definitions: await writeAll(definitions, options), diagnostics };
}

interface KnownKeys {
  readonly isSecretKey: (key: string) => boolean;
  readonly isOwnKey: (key: string) => boolean;
}

/** What counts as a secret: what the connector's entries say, as they are pulled or built in, and else the name of the key. And which keys it has. */
async function askCatalogue(body: JsonObject, { cwd, configFile }: ConvertOptions): Promise<KnownKeys> {
  const workspace = await loadWorkspace({ cwd, configFile });
  const directory = workspace.ok ? workspace.value.directory : cwd;
  const connector = connectorOfBody(body);
  const { catalogue } = await loadCatalogue(directory, new Set(connector === '' ? [] : [connector]));
  const entries = new Map(catalogue?.find(connector)?.connector.entries.map((entry) => [entry.key, entry]));
  return { isSecretKey: (key) => isSecretAt(connector, key, entries.get(key)), isOwnKey: (key) => entries.has(key) };
}

/** Folders between the workspace and a file `<out>/<connector>/<name>.yaml`, for the path to the schema. */
function depthOf(out = definitionsFolder): number {
  return (
    posix
      .normalize(out)
      .split('/')
      .filter((part) => part !== '.' && part !== '').length + 1
  );
}

function placeIn(file: string, diagnostic: Diagnostic): Diagnostic {
  return diagnostic.at === undefined ? { ...diagnostic, at: { file, line: 1, column: 1 } } : diagnostic;
}

async function writeAll(
  definitions: readonly ConvertedDefinition[],
  { out = '.', cwd }: ConvertOptions,
): Promise<readonly ConvertedDefinition[]> {
  const planned = definitions.map((definition) => ({
    ...definition,
    writtenTo: posix.join(out, `${definition.key}.yaml`),
  }));
  const existing = planned.filter(({ writtenTo }) => exists(posix.resolve(cwd, writtenTo)));
  if (existing.length > 0) {
    throw new UserError(
      'file-exists',
      `${existing.map(({ writtenTo }) => writtenTo).join(', ')} would be overwritten.`,
      {
        kind: 'refused',
        hint: 'Nothing was written. Choose another folder with --out, or remove the files first.',
      },
    );
  }
  for (const { writtenTo, yaml } of planned) await writeRepositoryFile(posix.resolve(cwd, writtenTo), yaml, cwd);
  return planned;
}
