import path from 'node:path';
import { readText } from '../disk/read-text.ts';
import { isJsonObject } from '../model/json.ts';
import type { Connector } from '../model/connector.ts';
import { parseJson } from '../model/parse-json.ts';
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
  const found = readText(path.resolve(cwd, file), largest);
  if ('fault' in found) throw unusable(file, found.fault.detail);
  const parsed = parseJson(found.text);
  const value: unknown = parsed.ok ? parsed.value : undefined;
  const key = isJsonObject(value) && typeof value['key'] === 'string' ? value['key'] : '';
  if (key === '' || !hasEntries(value))
    throw unusable(file, 'It is no connector: it needs a `key` and a `configuration`.');
  const decoded = decodeConnector(value, key);
  if (!decoded.ok) throw unusable(file, `It is no connector that can be read: ${decoded.problem}.`);
  return decoded.value;
}

function unusable(file: string, detail: string): UserError {
  return new UserError('element-file', `${visible(file)} cannot be used as a connector. ${detail}`, {
    kind: 'invalid',
    hint: 'Export a connector from the console, or read it with `GET /elements/KEY`, and name that JSON file.',
  });
}
