import path from 'node:path';
import { readNamedFile } from '../disk/read-secret-file.ts';
import { isJsonObject } from '../model/json.ts';
import type { Connector } from '../model/connector.ts';
import { UserError } from '../model/user-error.ts';
import { visible } from '../model/visible.ts';
import { decodeConnector, hasEntries } from '../platform/wire/decode-connector.ts';

/** Exports hold resources and scripts besides, of several megabytes. */
const largest = 16 * 1024 * 1024;

/**
 * Reads a connector as a platform gives it out: an export, `GET /elements/{key}`, or a file of `catalog pull`.
 * Throws a UserError of kind `invalid` when the file is none of these.
 *
 * @param file relative to the folder of the command, or absolute
 */
export function readElementFile(file: string, cwd: string): Connector {
  const found = readNamedFile(path.resolve(cwd, file), largest);
  if ('detail' in found) throw unusable(file, found.detail);
  const value = parse(found.text);
  const key = isJsonObject(value) && typeof value['key'] === 'string' ? value['key'] : '';
  if (key === '' || !hasEntries(value))
    throw unusable(file, 'It is no connector: it needs a `key` and a `configuration`.');
  const decoded = decodeConnector(value, key);
  if (!decoded.ok) throw unusable(file, `It is no connector that can be read: ${decoded.problem}.`);
  return decoded.value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(file: string, detail: string): UserError {
  return new UserError('element-file', `${visible(file)} cannot be used as a connector. ${detail}`, {
    kind: 'invalid',
    hint: 'Export a connector from the console, or read it with `GET /elements/KEY`, and name that JSON file.',
  });
}
