import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { compareText } from '../model/compare-text.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { connectorFile, connectorsFolder } from '../model/environment.ts';
import { isInside, isSystemError, readText, unreadable } from './read-text.ts';

/** The largest file of a connector, in bytes: the largest entry that was seen has 60 KB. */
export const largestConnector = 4 * 1024 * 1024;

export interface ConnectorFiles {
  /** `file` is relative to the workspace folder, with `/`. */
  readonly files: readonly { readonly key: string; readonly file: string; readonly text: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads what `catalog pull` wrote about some connectors. One that was not pulled has no file, which is no error.
 * @param directory absolute path of the workspace folder; no link may lead out of it
 */
export function readConnectorFiles(directory: string, keys: ReadonlySet<string>): Promise<ConnectorFiles> {
  const root = realpathSync(directory);
  const files: ConnectorFiles['files'][number][] = [];
  const diagnostics: Diagnostic[] = [];
  const folder = resolveInside(root, connectorsFolder);
  if (folder === undefined) return Promise.resolve({ files, diagnostics });
  for (const key of [...keys].toSorted()) {
    const file = connectorFile(key);
    const read = readInside(root, file);
    if (read === undefined) continue;
    if ('text' in read) files.push({ key, file, text: read.text });
    else diagnostics.push({ severity: 'error', ...read.fault, at: { file, line: 1, column: 1 } });
  }
  return Promise.resolve({ files, diagnostics });
}

function readInside(root: string, file: string): ReturnType<typeof readText> | undefined {
  const real = resolveInside(root, file);
  if (real === undefined) return undefined;
  return real === 'outside' ? { fault: linkOutside } : readText(real, largestConnector);
}

/** The real path; `outside` when a link leads out of the root, undefined when there is nothing. */
function resolveInside(root: string, file: string): string | undefined {
  try {
    const real = realpathSync(path.join(root, file));
    return isInside(root, real) ? real : 'outside';
  } catch (error) {
    if (!isSystemError(error) || unreadable(error).code !== 'no-such-file') throw error;
    return undefined;
  }
}

const linkOutside = {
  code: 'not-a-file',
  message: 'Link leads out of the workspace',
  detail: 'A symbolic link must not lead out of the workspace: it could expose any file of this machine.',
} as const;

/** Keys of the connectors that were pulled, whether a definition uses them or not. None where the folder leads out of the workspace. */
export function listPulledConnectors(directory: string): readonly string[] {
  const root = realpathSync(directory);
  const folder = resolveInside(root, connectorsFolder);
  if (folder === undefined || folder === 'outside' || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'))
    .flatMap((name) => decodeName(name.slice(0, -'.json'.length)))
    .toSorted(compareText);
}

/** A name that `catalog pull` never gives is somebody else's file. */
function decodeName(name: string): readonly string[] {
  try {
    const key = decodeURIComponent(name);
    return connectorFile(key).endsWith(`/${name}.json`) ? [key] : [];
  } catch {
    return [];
  }
}
