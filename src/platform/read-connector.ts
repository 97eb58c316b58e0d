import type { Connector } from '../model/connector.ts';
import { isAbsence, isAnswerOrAbsence } from './absence.ts';
import { readAnswer } from './answer.ts';
import type { ReadTransport } from './transport.ts';
import { decodeConnector, hasEntries } from './wire/decode-connector.ts';
import { isObject } from './wire/json.ts';

/** What the catalogue knows of a connector; undefined when it does not know the key (platform-api §8). */
export async function readConnector(transport: ReadTransport, key: string): Promise<Connector | undefined> {
  // Dots alone would climb up the path.
  if (/^\.*$/.test(key)) return undefined;
  const path = `/elements/${encodeURIComponent(key)}`;
  const reply = await transport.get(path, { accept: isAnswerOrAbsence });
  if (isAbsence(reply)) return undefined;
  const catalogued = readAnswer(reply, transport.site, (value) => ({ ok: true, value }));
  if (hasEntries(catalogued)) return readAnswer(reply, transport.site, (value) => decodeConnector(value, key));

  // Not every version lists the entries with the connector; they have an address of their own.
  const entries = await transport.get(`${path}/configuration`, { accept: isAnswerOrAbsence });
  if (isAbsence(entries)) return undefined;
  return readAnswer(entries, transport.site, (value) =>
    decodeConnector(isObject(catalogued) && isObject(value) ? { ...catalogued, ...value } : value, key),
  );
}
