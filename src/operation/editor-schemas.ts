import path from 'node:path';
import { renderConnectorSchema } from '../catalogue/connector-schema.ts';
import { renderDefinitionSchema } from '../catalogue/definition-schema.ts';
import { listPulledConnectors } from '../disk/read-connectors.ts';
import { exists, readText } from '../disk/read-text.ts';
import { readShippedFile } from '../disk/shipped-file.ts';
import { writeRepositoryFile } from '../disk/write-file.ts';
import { connectorSchemaFile, definitionSchemaFile } from '../model/environment.ts';
import { loadCatalogue } from './load-catalogue.ts';

/** A schema for editors. */
export interface EditorSchema {
  /** Relative to the workspace folder. */
  readonly file: string;
  readonly text: string;
}

/**
 * What editors need to complete and check the definitions of a workspace, by what is known offline: the schema that a definition names in its first line, and one
 * for each connector that was pulled. Where nothing is known of any connector in use, the first is the one that comes with this program.
 * @param used connectors that definitions use
 */
export async function listEditorSchemas(
  directory: string,
  used: Iterable<string>,
): Promise<readonly [definition: EditorSchema, ...connectors: EditorSchema[]]> {
  const wanted = new Set([...used, ...listPulledConnectors(directory)]);
  const { catalogue } = await loadCatalogue(directory, wanted);
  const entries = [...wanted].flatMap((key) => catalogue?.find(key) ?? []);
  if (catalogue === undefined || entries.length === 0) {
    return [{ file: definitionSchemaFile, text: readShippedFile(definitionSchemaFile) }];
  }
  const pulled = entries.filter(({ origin }) => origin === 'pulled');
  return [
    { file: definitionSchemaFile, text: renderDefinitionSchema({ entries, keys: catalogue.keys }) },
    ...pulled.map((entry) => ({
      file: connectorSchemaFile(entry.connector.key),
      text: renderConnectorSchema(entry),
    })),
  ];
}

/** The largest schema that is looked at, in bytes: one of all connectors that are built in has 2 MB. */
const largestSchema = 16 * 1024 * 1024;

/** Writes the schemas that differ. Answers which. A schema of definitions that is not ours is left alone. */
export async function writeEditorSchemas(
  directory: string,
  schemas: readonly EditorSchema[],
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { file, text } of schemas) {
    const place = path.join(directory, file);
    const read = exists(place) ? readText(place, largestSchema) : undefined;
    const before = read !== undefined && 'text' in read ? read.text : undefined;
    if (before === text || (file === definitionSchemaFile && before !== undefined && !isOurSchema(before))) continue;
    await writeRepositoryFile(place, text, directory);
    written.push(file);
  }
  return written;
}

/** Whether a schema was written by this program, be it an older one: it may follow what is known now. */
export function isOurSchema(text: string): boolean {
  return /"(?:\$id": "(?:instance|workspace)\.schema\.json|title": "Configuration of )/.test(text);
}
